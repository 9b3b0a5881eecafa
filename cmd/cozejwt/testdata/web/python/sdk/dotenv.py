# Stands in for python-dotenv where it cannot be had: plain KEY=value lines.
import os


def load_dotenv(path):
    with open(path) as file:
        for line in file:
            name, _, value = line.strip().partition("=")
            os.environ.setdefault(name, value)
