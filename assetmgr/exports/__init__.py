"""Files that leave the product: what a report holds, and one module per kind of file that writes it."""
