"""All services together, as windows and the command line receive them."""

from dataclasses import dataclass

from desktop.domain.events import EventBus
from desktop.services.authoring import AuthoringService
from desktop.services.consent import ConsentService
from desktop.services.crashes import CrashService
from desktop.services.environment import EnvironmentService
from desktop.services.exporting import ExportService
from desktop.services.importing import ImportService
from desktop.services.library import LibraryService
from desktop.services.production import ProductionService
from desktop.services.recovery import ErrorRecoveryService
from desktop.services.samples import SampleService
from desktop.services.secrets import SecretService
from desktop.services.settings import SettingsService
from desktop.services.transfers import TransferService
from desktop.services.versions import VersionService


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a person can do."""

    bus: EventBus
    library: LibraryService
    authoring: AuthoringService
    consent: ConsentService
    production: ProductionService
    versions: VersionService
    importing: ImportService
    exporting: ExportService
    environment: EnvironmentService
    samples: SampleService
    settings: SettingsService
    secrets: SecretService
    crashes: CrashService
    transfers: TransferService
    recovery: ErrorRecoveryService
