"""Invented words for organisations that do not exist, and the initials of people who do not."""

# Compounds chosen because no English organisation or place was known by them.
TRUST_WORDS = (
    "Wendlemoor", "Harrowfold", "Ottermead", "Brindlecombe", "Carrowdale", "Fennimarsh",
    "Thistlewade", "Aldersway", "Kestrelhope", "Marlingford", "Pennerby", "Quenniborough",
    "Ravelstone", "Sallowfield", "Tarrowmoor", "Underley", "Vennacombe", "Winterbeck",
    "Yarrowmere", "Ashlingdon", "Birchenlow", "Coldersea", "Dunnockby", "Elverstoke",
    "Fallowhurst", "Greyling", "Hollinsea", "Ivelcombe", "Jossermoor", "Kindlewick",
    "Larkenby", "Mossingham", "Nettlecott", "Orrinsford", "Plovermoor", "Rushenden",
    "Skellowby", "Tansybrook", "Umberleigh Vale", "Wagtail Vale", "Withycote", "Amberlow",
    "Bracklesea", "Curlewmoor", "Dotterelby", "Eiderstone", "Fieldfare Vale", "Goldenlow",
)  # fmt: skip
CHARITY_WORDS = (
    "Lanternway", "Second Landing", "Stepstone Yard", "Ferrymans", "Open Latch", "Kitestring",
    "Blue Gate", "Morrowside", "Halfway Oak", "Tidewrack", "Candlewick Row", "New Furrow",
    "Brightwater Steps", "Loom and Thread", "Fernlight", "Cobbler's Bridge", "Wayfarer's Rest",
    "Quillbrook", "Harbour Lamp", "Thornfree", "Upstream Now", "Cartwheel", "Plain Talk",
    "Lower Orchard", "Northlight Yard", "Signal Box", "Mill Lane Start", "Paperboat",
)  # fmt: skip
NATIONAL_CHARITIES = ("Longstride", "Everbridge Aid", "The Wicket Gate", "Turnpike House")
HOUSE_WORDS = (
    "Applegarth", "Beacon Rise", "Cedar Reach", "Damson Court", "Elmstead Lodge", "Foxcote",
    "Gatehouse", "Heron Water", "Inglenook", "Juniper Bank", "Kingcup", "Linden Lawn",
    "Meadowsweet", "Nutbourne", "Old Rectory Yard", "Pear Tree", "Quince Hall", "Rowan Heights",
    "Swallowfield End", "Teasel", "Upper Barn", "Vine Cottage", "Willow Garth", "Yew Bank",
    "Alder Carr", "Bramley Rise", "Chestnut Hay", "Dove Holes End", "Eaves Barn",
)  # fmt: skip
PRISON_WORDS = (
    "Coldharrow", "Stonemarsh", "Wickenfell", "Barrowgate", "Highlow", "Greatmoor Side",
    "Ditchling Fen", "Oxenlow", "Ramsclough", "Saltergate Moor", "Thornley Drove", "Whinmoor End",
)  # fmt: skip

# How often people's first and family names begin with a letter, as weights: about as among English
# adults then, so that about one in ten of 300,000 shares initials, birthday and sex with
# another [B].
FIRST_LETTERS = {
    "A": 8.5, "B": 2.5, "C": 7.5, "D": 11.0, "E": 2.0, "F": 1.2, "G": 5.0, "H": 2.0, "I": 1.8,
    "J": 16.0, "K": 5.0, "L": 5.0, "M": 12.0, "N": 3.2, "O": 0.3, "P": 7.5, "R": 5.5, "S": 13.0,
    "T": 3.5, "V": 0.7, "W": 1.5, "Y": 0.2, "Z": 0.3,
}  # fmt: skip
LAST_LETTERS = {
    "A": 4.5, "B": 11.0, "C": 8.5, "D": 5.5, "E": 2.8, "F": 4.0, "G": 5.3, "H": 11.2, "I": 0.7,
    "J": 3.8, "K": 3.5, "L": 4.7, "M": 10.0, "N": 2.0, "O": 2.0, "P": 5.7, "Q": 0.2, "R": 5.3,
    "S": 11.5, "T": 5.2, "U": 0.2, "V": 0.7, "W": 10.5, "Y": 0.8, "Z": 0.3,
}  # fmt: skip
