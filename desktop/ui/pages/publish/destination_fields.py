"""The fields that describe a destination; only those that its kind needs are shown."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QLineEdit, QWidget

from desktop.config.keychain import Secret
from desktop.domain.transfers import Destination, Encryption
from desktop.services.transfers import AccessKeys
from desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from desktop.ui.widgets.boxes import row
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.switch import Switch

AWS, OTHER = "aws", "other"

KINDS = {AWS: "Amazon S3", OTHER: "Another service that speaks S3"}

ENCRYPTIONS = {
    Encryption.DEFAULT: "As the bucket is set up",
    Encryption.S3: "With keys of the service",
    Encryption.KMS: "With a key of AWS KMS",
    Encryption.CUSTOMER: "With a key of my own",
}

HINTS = {
    "name": "Team bucket",
    "bucket": "my-videos",
    "prefix": "Optional, such as team/",
    "endpoint": "https://s3.example.org",
    "region": "Found out by itself",
    "key_id": "",
    "secret": "",
    "token": "Only for temporary keys",
    "kms_key": "Identifier or address of the key",
    "own_key": "32 bytes as Base64",
    "certificates": "Optional: path of a file with certificates (.pem)",
}

SIGNING = ("key_id", "secret", "token")

KEPT = "Kept as it is; type to replace it"


class DestinationFields(QFrame):
    """Edits a destination and the keys that go with it."""

    changed = Signal()

    def __init__(self, destination: Destination, profiles: Sequence[str], *, known: bool) -> None:
        super().__init__()
        self._destination = destination
        self._known = known
        self._labels: dict[str, QLabel] = {}
        self._rows: dict[str, QWidget] = {}
        self.text = {name: QLineEdit() for name in HINTS}
        self.kind, self.profile, self.encryption = QComboBox(), QComboBox(), QComboBox()
        self.path_style = Switch("Name the bucket in the path")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_3)
        self._grid.setVerticalSpacing(SPACE_2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.setLayout(self._grid)
        self._offer(profiles)
        self._place()
        self._fill(destination)
        self._connect()
        self._show_needed()

    def _offer(self, profiles: Sequence[str]) -> None:
        for kind, words in KINDS.items():
            self.kind.addItem(words, kind)
        for name in profiles:
            self.profile.addItem(f"AWS profile “{name}”", name)
        kept = self._destination.profile
        if kept and kept not in profiles:
            self.profile.addItem(f"AWS profile “{kept}” (not on this computer)", kept)
        self.profile.addItem("Access keys", "")
        for encryption, words in ENCRYPTIONS.items():
            self.encryption.addItem(words, encryption)

    def _place(self) -> None:
        styled = QFrame()
        why = label("Most services other than Amazon need it", "caption")
        styled.setLayout(row(self.path_style, why, None))
        lines: tuple[tuple[str, str, QWidget], ...] = (
            ("kind", "Service", self.kind),
            ("endpoint", "Address", self.text["endpoint"]),
            ("path_style", "Bucket in path", styled),
            ("bucket", "Bucket", self.text["bucket"]),
            ("prefix", "Folder in it", self.text["prefix"]),
            ("region", "Region", self.text["region"]),
            ("profile", "Sign in with", self.profile),
            ("key_id", "Access key ID", self.text["key_id"]),
            ("secret", "Secret key", self.text["secret"]),
            ("token", "Session token", self.text["token"]),
            ("encryption", "Encryption", self.encryption),
            ("kms_key", "KMS key", self.text["kms_key"]),
            ("own_key", "Own key", self.text["own_key"]),
            ("certificates", "Certificates", self.text["certificates"]),
            ("name", "Call it", self.text["name"]),
        )
        for place, (key, words, field) in enumerate(lines):
            self._labels[key], self._rows[key] = label(words, "muted"), field
            self._grid.addWidget(self._labels[key], place, 0)
            self._grid.addWidget(field, place, 1)
            if not isinstance(field, QFrame):
                field.setAccessibleName(words)
        for key in ("secret", "token", "own_key"):
            self.text[key].setEchoMode(QLineEdit.EchoMode.Password)
        self._grid.setRowMinimumHeight(len(lines), SPACE_1)

    def _fill(self, given: Destination) -> None:
        for key, hint in HINTS.items():
            self.text[key].setPlaceholderText(hint)
        values = {
            "name": given.name, "bucket": given.bucket, "prefix": given.prefix,
            "endpoint": given.endpoint_url, "region": given.region,
            "kms_key": given.kms_key_id, "certificates": given.certificates,
        }  # fmt: skip
        for key, text in values.items():
            self.text[key].setText(text)
        if self._known and not given.profile:
            for key in ("key_id", "secret"):
                self.text[key].setPlaceholderText(KEPT)
        if self._known and given.encryption is Encryption.CUSTOMER:
            self.text["own_key"].setPlaceholderText(KEPT)
        self.kind.setCurrentIndex(self.kind.findData(OTHER if given.endpoint_url else AWS))
        start = given.profile if self._known or given.profile else self.profile.itemData(0)
        self.profile.setCurrentIndex(self.profile.findData(start))
        self.encryption.setCurrentIndex(self.encryption.findData(given.encryption))
        self.path_style.setChecked(given.path_style)

    def _connect(self) -> None:
        for box in (self.kind, self.profile, self.encryption):
            box.currentIndexChanged.connect(lambda *_: self._show_needed())
        self.kind.currentIndexChanged.connect(lambda *_: self.path_style.setChecked(self._is_other))
        for field in self.text.values():
            field.textChanged.connect(lambda *_: self.changed.emit())

    @property
    def _is_other(self) -> bool:
        return bool(self.kind.currentData() == OTHER)

    def _show_needed(self) -> None:
        keys = not self.profile.currentData()
        encryption = self.encryption.currentData()
        needed = {
            "endpoint": self._is_other,
            "path_style": self._is_other,
            "certificates": self._is_other,
            "key_id": keys,
            "secret": keys,
            "token": keys,
            "kms_key": encryption == Encryption.KMS,
            "own_key": encryption == Encryption.CUSTOMER,
        }
        for key, shown in needed.items():
            self._labels[key].setVisible(shown)
            self._rows[key].setVisible(shown)
        self.changed.emit()

    def _written(self, key: str) -> str:
        return self.text[key].text().strip()

    def problem(self) -> str:
        """Return what is missing, as a sentence; empty when it can be saved."""
        if not self._written("bucket"):
            return "Say which bucket."
        if self._is_other and "://" not in self._written("endpoint"):
            return "Give the address of the service, beginning with https://."
        return self._missing_key()

    def _missing_key(self) -> str:
        own = self._is_customer and self._written("own_key")
        typed = any(self._written(name) for name in SIGNING) or own  # they are kept together
        if not self.profile.currentData() and (typed or self._needs_keys):
            if not self._written("key_id"):
                return "Give the access key ID."
            if not self._written("secret"):
                return "Give the secret key."
        if self._needs_own_key and not own:
            return "Give your key of 32 bytes, as Base64."
        return ""

    @property
    def _needs_keys(self) -> bool:
        return not self._known or bool(self._destination.profile)

    @property
    def _is_customer(self) -> bool:
        return bool(self.encryption.currentData() == Encryption.CUSTOMER)

    @property
    def _needs_own_key(self) -> bool:
        had = self._known and self._destination.encryption is Encryption.CUSTOMER
        return self._is_customer and not had

    def destination(self) -> Destination:
        """Return what was written."""
        other = self._is_other
        prefix = self._written("prefix").lstrip("/")
        kms = self.encryption.currentData() == Encryption.KMS
        certificates = self._written("certificates")
        return replace(
            self._destination,
            name=self._written("name") or self._written("bucket"),
            bucket=self._written("bucket"),
            prefix=f"{prefix}/" if prefix and not prefix.endswith("/") else prefix,
            region=self._written("region"),
            endpoint_url=self._written("endpoint").rstrip("/") if other else "",
            path_style=other and self.path_style.isChecked(),
            profile=self.profile.currentData() or "",
            encryption=Encryption(self.encryption.currentData()),
            kms_key_id=self._written("kms_key") if kms else "",
            certificates=str(Path(certificates).expanduser()) if other and certificates else "",
        )

    def keys(self) -> AccessKeys | None:
        """Return the keys that were typed; None when none were."""
        signed = not self.profile.currentData()
        typed = {name: self._written(name) if signed else "" for name in SIGNING}
        own = self._written("own_key") if self._is_customer else ""
        if not typed["key_id"] and not own:
            return None
        return AccessKeys(
            typed["key_id"],
            Secret(typed["secret"]),
            Secret(typed["token"]) if typed["token"] else None,
            Secret(own) if own else None,
        )
