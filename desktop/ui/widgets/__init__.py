"""Small reusable widgets that know no service."""
