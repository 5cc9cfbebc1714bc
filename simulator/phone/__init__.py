"""What people do on their phones, and the page in the browser that shows them."""
