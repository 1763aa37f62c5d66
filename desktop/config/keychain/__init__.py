"""The keychain: every secret Proofreel holds, kept by the system's keyring or not at all.

Secrets are named ``provider:field`` and travel as ``Secret``, which shows itself to nobody.
"""

from desktop.config.keychain.kept import KeychainStatus, PassphraseState, Place, SecretInfo
from desktop.config.keychain.keychain import Keychain
from desktop.config.keychain.passphrase import SHORTEST_PASSPHRASE
from desktop.config.keychain.secret import Secret, SecretName

__all__ = [
    "SHORTEST_PASSPHRASE",
    "Keychain",
    "KeychainStatus",
    "PassphraseState",
    "Place",
    "Secret",
    "SecretInfo",
    "SecretName",
]
