"""Single pages asked of web servers, politely and within bounds."""
