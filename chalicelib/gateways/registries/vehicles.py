"""
Registers of vehicles: 2 registration, 4 wanted, 6 agricultural machinery, 8 insurance, 14 inspection, 17-2 crossings, 18 movement.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.gateways.registries.register import Finding, Register, weigh


@dataclass(frozen=True, slots=True)
class RegistrationQuestion:
    """
    Source 2: is the vehicle registered, with this VIN? A lessee counts as owner, so the register decides who `iin` or `bin` is (D10).
    """

    plate: str
    country: str
    vin: str
    iin: str | None = None
    bin: str | None = None


@dataclass(frozen=True, slots=True)
class RegistrationReply:
    """
    Source 2: registered, and the VIN is that vehicle's.
    """

    registered: bool
    vin_matches: bool

    def finding(self) -> Finding:
        """
        Both must hold.
        """
        return weigh(holds=self.registered and self.vin_matches, otherwise="VEHICLE_NOT_REGISTERED")


@dataclass(frozen=True, slots=True)
class WantedVehicleQuestion:
    """
    Source 4: is the vehicle wanted, under its plate or its VIN? Of a trailer the plate alone is known.
    """

    plate: str
    country: str
    vin: str | None = None


@dataclass(frozen=True, slots=True)
class WantedVehicleReply:
    """
    Source 4: yes or no.
    """

    wanted: bool

    def finding(self) -> Finding:
        """
        A wanted vehicle is refused.
        """
        return weigh(holds=not self.wanted, otherwise="VEHICLE_WANTED")


@dataclass(frozen=True, slots=True)
class MachineryQuestion:
    """
    Source 6: machinery by plate and VIN.
    """

    plate: str
    vin: str


@dataclass(frozen=True, slots=True)
class MachineryReply:
    """
    Source 6: whether it is registered.
    """

    registered: bool

    def finding(self) -> Finding:
        """
        Machinery must be registered.
        """
        return weigh(holds=self.registered, otherwise="MACHINERY_NOT_REGISTERED")


@dataclass(frozen=True, slots=True)
class InsuranceQuestion:
    """
    Source 8: is the owner insured against liability for this vehicle?
    """

    plate: str
    country: str
    vin: str


@dataclass(frozen=True, slots=True)
class InsuranceReply:
    """
    Source 8: a contract in force for this vehicle, and its last day (ISO date).
    """

    insured: bool
    valid_until: str | None = None

    def finding(self) -> Finding:
        """
        Without a contract there is no booking.
        """
        return weigh(holds=self.insured, otherwise="INSURANCE_MISSING", valid_until=self.valid_until)


@dataclass(frozen=True, slots=True)
class InspectionQuestion:
    """
    Source 14: has the vehicle been inspected? Of a trailer the plate alone is known.
    """

    plate: str
    country: str
    vin: str | None = None


@dataclass(frozen=True, slots=True)
class InspectionReply:
    """
    Source 14: roadworthy, and until when (ISO date).
    """

    roadworthy: bool
    valid_until: str | None = None

    def finding(self) -> Finding:
        """
        Without an inspection in force there is no booking.
        """
        return weigh(holds=self.roadworthy, otherwise="INSPECTION_MISSING", valid_until=self.valid_until)


@dataclass(frozen=True, slots=True)
class CrossingQuestion:
    """
    Source 17-2: did state systems see the vehicle cross since an instant (RFC 3339)? An earlier trip's crossing is none of this one.
    """

    plate: str
    country: str
    vin: str
    since: str | None = None


@dataclass(frozen=True, slots=True)
class CrossingReply:
    """
    Source 17-2: whether state systems registered the crossing (§28).
    """

    crossed: bool

    def finding(self) -> Finding:
        """
        Only a registered crossing confirms.
        """
        return weigh(holds=self.crossed, otherwise="CROSSING_NOT_REGISTERED")


@dataclass(frozen=True, slots=True)
class MovementQuestion:
    """
    Source 18: a vehicle seen by road cameras and scales.
    """

    plate: str
    country: str


@dataclass(frozen=True, slots=True)
class MovementReply:
    """
    Source 18: seen on the way, and not overweight.
    """

    seen: bool
    overweight: bool = False

    def finding(self) -> Finding:
        """
        Seen and within its weight.
        """
        return weigh(holds=self.seen and not self.overweight, otherwise="MOVEMENT_NOT_CONFIRMED")


REGISTERS: Final = (
    Register("2", "vehicles/registrations", RegistrationQuestion, RegistrationReply),
    Register("4", "vehicles/wanted", WantedVehicleQuestion, WantedVehicleReply),
    Register("6", "vehicles/machinery", MachineryQuestion, MachineryReply),
    Register("8", "vehicles/insurance", InsuranceQuestion, InsuranceReply),
    Register("14", "vehicles/inspections", InspectionQuestion, InspectionReply),
    Register("17-2", "vehicles/crossings", CrossingQuestion, CrossingReply),
    Register("18", "vehicles/movements", MovementQuestion, MovementReply),
)
