"""What Proofreel talks about: frozen values and pure functions, standard library only."""
