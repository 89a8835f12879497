"""Invented names of the market, and where in England its towns lie. No such organisation exists.

A house is called by two syllables that are put together at random; that one somewhere bears the
name too would be chance.
"""

from collections.abc import Mapping

FIRST_SYLLABLES = (
    "Ambler", "Barrowby", "Cinder", "Dapple", "Emberly", "Flaxen", "Ganderly", "Hesper", "Inkle",
    "Jessamy", "Kelder", "Lapwin", "Mallow", "Nimbly", "Otterly", "Pebblow", "Quarrow", "Rookly",
    "Saffer", "Tallowby", "Umberly", "Velder", "Wheaten", "Yarling",
)  # fmt: skip
LAST_SYLLABLES = (
    "croft", "garth", "holm", "lea", "mead", "rigg", "shaw", "stile", "thwaite", "wath", "yard",
)  # fmt: skip
KINDS_OF_HOUSE = ("House", "Lodge", "Court", "Grange", "Farm", "Hall")
CHARITIES = (
    "Longbarrow Steps", "The Tern Fellowship", "Wayside Lantern", "Kiln Yard Recovery",
    "Saltmarsh Community Trust", "Plover and Son Foundation", "Oarsman Projects",
)  # fmt: skip
STREETS = (
    "Orchard Road", "Station Road", "Chapel Lane", "Mill Street", "Albert Terrace", "Quay Street",
    "Victoria Road", "Park View", "Church Walk", "Foundry Lane", "The Crescent", "West Parade",
)  # fmt: skip
SURGERIES = (
    "Orchard", "Bridge End", "Park View", "Riverside", "Old Forge", "Lime Tree", "Market Cross",
)  # fmt: skip

# Numbers that are kept for drama and belong to nobody.
TELEPHONE = "01632 960{:03}"

# More houses by the sea and in the south than elsewhere [B]: new ones by region.
HOUSES_BY_REGION: Mapping[str, int] = {
    "A": 3, "B": 14, "D": 8, "E": 5, "F": 8, "G": 9, "H": 12, "J": 21, "K": 23,
}  # fmt: skip
SEASIDE = frozenset(
    ("00EY", "00CA", "00CB", "00KF", "33", "42", "00ML", "21", "45", "29", "00MW", "00HN", "00HP",
     "00HG", "00HH", "00HC", "15", "18", "19", "00FC", "36")
)  # fmt: skip

# The first half of a postcode near the centre of each partnership, from general knowledge [B].
_OUTCODES = """
00EH:DL1 20:DH1 00CH:NE8 00EB:TS24 00EC:TS1 00CJ:NE1 00CK:NE29 35:NE61 00EE:TS10 00CL:NE33
00EF:TS18 00CM:SR1 00EX:BB1 00EY:FY1 00BL:BL1 00BM:BL9 13:CH1 16:CA1 00ET:WA7 00BX:L36 30:PR1
00BY:L1 00BN:M1 00BP:OL1 00BQ:OL16 00BR:M5 00CA:PR8 00BZ:WA10 00BS:SK1 00BT:OL6 00BU:M33
00EU:WA1 00BW:WN1 00CB:CH41 00CC:S70 00CX:BD1 00CY:HX1 00CE:DN1 00FB:HU17 00FA:HU1 00CZ:HD1
00DA:LS1 00FC:DN31 00FD:DN15 36:DL7 00CF:S60 00CG:S1 00DB:WF1 00FF:YO1 00FK:DE1 17:S40 00FN:LE1
31:LE11 32:LN1 34:NN1 00FY:NG1 37:NG18 00FP:LE15 00CN:B1 00CQ:CV1 00CR:DY1 00GA:HR1 00CS:B70
39:SY1 00CT:B91 41:ST16 00GL:ST1 00GF:TF3 00CU:WS1 44:CV34 00CW:WV1 47:WR1 09:MK40 12:CB1
22:CM1 26:AL1 00KA:LU1 33:NR1 00JA:PE1 00KF:SS1 42:IP1 00KG:RM17 00AB:IG11 00AC:NW4 00AD:DA6
00AE:HA9 00AF:BR1 00AG:NW1 00AA:EC2 00AH:CR0 00AJ:W5 00AK:EN1 00AL:SE10 00AM:E8 00AN:W6
00AP:N15 00AQ:HA1 00AR:RM1 00AS:UB8 00AT:TW3 00AU:N1 00AW:W8 00AX:KT1 00AY:SW9 00AZ:SE13
00BA:SW19 00BB:E15 00BC:IG1 00BD:TW9 00BE:SE1 00BF:SM1 00BG:E1 00BH:E17 00BJ:SW18 00BK:SW1
00MA:RG12 00ML:BN1 11:HP20 21:BN21 24:SO23 00MW:PO30 29:ME14 00LC:ME4 00MG:MK9 38:OX1 00MR:PO1
00MC:RG1 00MD:SL1 00MS:SO14 43:GU1 00MB:RG14 45:PO19 00ME:SL4 00MF:RG40 00HA:BA1 00HN:BH1
00HB:BS1 15:TR1 18:EX1 19:DT1 23:GL1 00HC:BS23 00HG:PL1 00HP:BH15 40:TA1 00HD:BS37 00HX:SN1
00HH:TQ1 46:BA14
"""
OUTCODES: Mapping[str, str] = dict(one.split(":") for one in _OUTCODES.split())
