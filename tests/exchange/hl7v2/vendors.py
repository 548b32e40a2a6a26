"""Messages in the shape in which monitors of several makers send them. All people are made up.

Written here, after the published structure: which fields are there, how codes, units, devices and
times are told. {now} is the moment of sending as YYYYMMDDHHMMSS, {id} the id of the message.
"""

from collections.abc import Mapping
from dataclasses import dataclass

NAMED = {"now": "20260302120000", "id": "00417"}


@dataclass(frozen=True, slots=True)
class Sample:
    """``device`` is the name by which it is bound; ``values`` is what it says, in our units."""

    lines: tuple[str, ...]
    sender: str
    device: str
    values: Mapping[str, int]
    charset: str = "ascii"

    def message(self, **said: str) -> bytes:
        named = NAMED | said
        text = "\r".join(self.lines) + "\r"
        for name, value in named.items():
            text = text.replace(f"{{{name}}}", value)
        return text.encode(self.charset)


PHILIPS = Sample(
    (
        r"MSH|^~\&|||||||ORU^R01|HP{id}|P|2.3||||||8859/1",
        "PID|||12345||Ødegård^Kari||19790314|F",
        "PV1||I|^^Stol1&3&1",
        "OBR|||||||{now}",
        "OBX||NM|0002-4bb8^SpO2^MDIL|0|97|0004-0220^%^MDIL|||||F",
        "OBX||NM|0002-5000^Resp^MDIL|0|15|0004-0ae0^rpm^MDIL|||||F",
        "OBX||NM|0002-4182^HR^MDIL|0|72|0004-0aa0^bpm^MDIL|||||F",
        "OBX||NM|0002-480a^Pulse^MDIL|0|71|0004-0aa0^bpm^MDIL|||||F",
        "OBX||NM|0002-4a05^NBPs^MDIL|0|128|0004-0f20^mmHg^MDIL|||||F",
        "OBX||NM|0002-4a06^NBPd^MDIL|0|78|0004-0f20^mmHg^MDIL|||||F",
        r"OBX||NM|0002-f125^pNN50^MDIL|0|2.73x10\S\-7|0004-0220^%^MDIL|||||F",
    ),
    sender="",
    device="Stol1 3 1",
    values={"systolic": 128, "diastolic": 78, "pulse": 72, "spo2": 97, "respiration": 15},
    charset="latin-1",
)
GE = Sample(
    (
        r"MSH|^~\&|VSP^080019FFFE134535^EUI-64|GE Healthcare|||{now}+0100||ORU^R01^ORU_R01|{id}134535|P|2.6|||NE|AL||UNICODE UTF-8|||PCD_DEC_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO",
        "PID|||K77^^^PID^MR||Berg^Åse^^^^^L|||",
        "PV1||R|DAGPOST^^2",
        "OBR|1|{id}^VSP^080019FFFE134535^EUI-64|{id}^VSP^080019FFFE134535^EUI-64|182777000^monitoring of patient^SCT|||{now}+0100",
        "OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X",
        "OBX|2||69798^MDC_DEV_ECG_VMD^MDC|1.5.0.0|||||||X",
        "OBX|3|NM|147842^MDC_ECG_HEART_RATE^MDC|1.5.1.1|80|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R|||||||080019FFFE0B4020^B40_GE",
        "OBX|4|NM|148066^MDC_ECG_V_P_C_RATE^MDC|1.5.1.2|0|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R|||||||080019FFFE0B4020^B40_GE",
        "OBX|5|NM|150033^MDC_PRESS_BLD_ART_SYS^MDC|1.13.1.1|112|266016^MDC_DIM_MMHG^MDC|||||R|||||||080019FFFE0B4020^B40_GE",
        "OBX|6|NM|150021^MDC_PRESS_BLD_NONINV_SYS^MDC|1.14.1.1|131|266016^MDC_DIM_MMHG^MDC|||||R|||||||080019FFFE0B4020^B40_GE",
        "OBX|7|NM|150022^MDC_PRESS_BLD_NONINV_DIA^MDC|1.14.1.2|82|266016^MDC_DIM_MMHG^MDC|||||R|||||||080019FFFE0B4020^B40_GE",
        "OBX|8|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.6.1.1|98|262688^MDC_DIM_PERCENT^MDC|||||R|||||||080019FFFE0B4020^B40_GE",
    ),
    sender="VSP^080019FFFE134535^EUI-64",
    device="080019FFFE0B4020^B40_GE",
    values={"systolic": 131, "diastolic": 82, "pulse": 80, "spo2": 98},
    charset="utf-8",
)
MINDRAY = Sample(
    (
        r"MSH|^~\&|MINDRAY_EGATEWAY^00A037009A58001D^EUI-64|MINDRAY|||{now}.0000+0100||ORU^R01^ORU_R01|{id}|P|2.6|||AL|NE||UNICODE UTF-8|||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO",
        "PID|||HO2009001^^^Hospital^PI||Hansen^Ola||19800101000000|M",
        "PV1||I|DAGPOST^^Stol 3&1&1",
        "OBR|1|{id}^MINDRAY_EGATEWAY^00A037009A58001D^EUI-64|{id}^MINDRAY_EGATEWAY^00A037009A58001D^EUI-64|182777000^monitoring of patient^SCT|||{now}.0000+0100",
        "OBX|1|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.1.150456|96|262688^MDC_DIM_PERCENT^MDC|||||R|||{now}.0000+0100||||00A0370098007A80^^00A0370098007A80^EUI-64",
        "OBX|2|NM|149530^MDC_PULS_OXIM_PULS_RATE^MDC|1.3.1.149530|68|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R|||{now}.0000+0100",
        "OBX|3|NM|151578^MDC_TTHOR_RESP_RATE^MDC|1.7.1.151578|17|264928^MDC_DIM_RESP_PER_MIN^MDC|||||R|||{now}.0000+0100",
        "OBX|4|NM|150301^MDC_PRESS_CUFF_SYS^MDC|1.1.9.150301|147|266016^MDC_DIM_MMHG^MDC|||||R|||{now}.0000+0100",
        "OBX|5|NM|150302^MDC_PRESS_CUFF_DIA^MDC|1.1.9.150302|91|266016^MDC_DIM_MMHG^MDC|||||R|||{now}.0000+0100",
        "OBX|6|NM|150344^MDC_TEMP^MDC|1.2.1.150344|8388607|268192^MDC_DIM_DEGC^MDC|||||R|||{now}.0000+0100",
    ),
    sender="MINDRAY_EGATEWAY^00A037009A58001D^EUI-64",
    device="00A0370098007A80^^00A0370098007A80^EUI-64",
    values={"systolic": 147, "diastolic": 91, "pulse": 68, "spo2": 96, "respiration": 17},
    charset="utf-8",
)
DRAEGER = Sample(
    (
        r"MSH|^~\&|INFINITY|DRAEGER|EPJ|SYKEHUS|{now}||ORU^R01|{id}|P|2.3",
        "PID|||998877||Lie^Per",
        "PV1||I|DAGPOST^STOL^4",
        "OBR|1|||VITALS|||{now}",
        "OBX|1|NM|HR^Heart rate^99LOCAL^8867-4^Heart rate^LN||66|/min^^UCUM|||||F|||{now}",
        "OBX|2|NM|SPO2^SpO2^99LOCAL^59408-5^SpO2^LN||95|%|||||F|||{now}",
        "OBX|3|NM|NIBPS^Systolic^99LOCAL^8480-6^Systolic^LN||16.0|kPa|||||F|||{now}",
        "OBX|4|NM|NIBPD^Diastolic^99LOCAL^8462-4^Diastolic^LN||10.0|kPa|||||F|||{now}",
        "OBX|5|ST|ETCO2^etCO2^99LOCAL||***|kPa|||||X|||{now}",
    ),
    sender="INFINITY",
    device="DAGPOST STOL 4",
    values={"systolic": 120, "diastolic": 75, "pulse": 66, "spo2": 95},
)
NIHON_KOHDEN = Sample(
    (
        r"MSH|^~\&|HL7GW|NIHON KOHDEN|||{now}||ORU^R01|{id}|P|2.4||||||ASCII",
        "PID|1||55512||Testesen^Test",
        "PV1|1|I|^^BED-005",
        "OBR|1|||VITAL|||{now}",
        "OBX|1|NM|8867-4^HR^LN||74|{beats}/min|||||F",
        "OBX|2|NM|9279-1^RR^LN||13|{breaths}/min|||||F",
        "OBX|3|NM|59408-5^SpO2^LN||99|%|||||F",
        "OBX|4|SN|8480-6^NIBP SYS^LN||^118|mm[Hg]|||||F",
        "OBX|5|SN|8462-4^NIBP DIA^LN||^70|mm[Hg]|||||F",
    ),
    sender="HL7GW",
    device="BED-005",
    values={"systolic": 118, "diastolic": 70, "pulse": 74, "spo2": 99, "respiration": 13},
)
SAMPLES = {
    "philips": PHILIPS,
    "ge": GE,
    "mindray": MINDRAY,
    "draeger": DRAEGER,
    "nihon kohden": NIHON_KOHDEN,
}
