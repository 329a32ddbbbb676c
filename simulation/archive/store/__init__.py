"""What an archive is kept in: a protocol of few operations, and the local folder that has them."""

from simulation.archive.store.errors import write_errors
from simulation.archive.store.local import LocalStore
from simulation.archive.store.place import Place
from simulation.archive.store.protocol import State, Store

__all__ = ["LocalStore", "Place", "State", "Store", "write_errors"]
