"""What all pages share: how a page is made, forms, who the visitor is, errors, static files, look-ups, help."""
