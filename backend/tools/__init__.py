"""What builds and checks this project; never imported by the application."""
