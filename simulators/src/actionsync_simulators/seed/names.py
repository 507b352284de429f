"""Names of people, companies, jobs and sources for the generated world. Domains are reserved ones."""

from __future__ import annotations

import unicodedata


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    """
    Ada Adrian Aisha Alan Alejandra Alice Amara Amir Ana Anders Andrea Anika Anton Arjun Astrid Beatriz
    Ben Bianca Björn Bogdan Brigitte Bruno Camila Carla Carlos Caroline Cédric Chen Chiara Chloé
    Christian Claire Clara Dana Daniel Daria David Deepa Diego Dmitri Dominik Elena Elias Elif Ella
    Emeka Emil Emma Enzo Erik Esra Esther Eva Fatima Felix Femke Fernanda Finn Florian Francesca Frank
    Freya Gabriel Giulia Grace Greta Gustavo Hana Hannah Hans Haruto Hassan Heidi Helena Hiro Hugo
    Ibrahim Ingrid Irina Isabel Ivan Jacob Jamal James Jana Javier Jens Jessica Joana João John Jonas
    José Juan Julia Kai Karim Karin Katarzyna Kenji Kofi Kwame Lars Laura Leila Lena Leo Liam Lin Linda
    Linnea Lorenzo Luca Lucía Lukas Magnus Maja Marco Margaret Maria Marie Mark Marta Martin Mateo Maya
    Mei Mehmet Michael Miguel Mila Milan Min Mira Mohamed Monika Nadia Naomi Natalia Neha Niamh Nikos
    Nils Nina Noah Nora Olaf Olga Oliver Olivia Omar Oscar Pablo Paula Pedro Petra Philip Pia Priya
    Rafael Rahul Raj Ravi Rebecca Renata Ricardo Robert Rosa Ruth Samir Samuel Sandra Sara Sebastian
    Selin Sergei Siobhán Sofia Sophie Stefan Sven Tariq Teresa Thandiwe Theo Thomas Tom Tomás Uma
    Valentina Vera Victor Viktor Wei William Xavier Yara Yasmin Yuki Yusuf Zahra Zoë Zofia
    """
)

LAST_NAMES = _words(
    """
    Abe Acosta Adams Adeyemi Ahmed Åkesson Almeida Álvarez Andersen Anderson Arslan Bakker Balogun Baker
    Banerjee Barbieri Bauer Becker Bell Berg Bergström Bernard Bianchi Blanco Bose Brandt Braun Brennan
    Brown Byrne Campbell Carlsson Carter Castro Chang Chen Chowdhury Clark Clarke Cohen Colombo Conti
    Cooper Costa Cruz Dahl Das Davies Demir Desai Díaz Dubois Duarte Dumont Eriksson Evans Farah
    Fernandes Ferrari Fischer Fontaine Foster Fournier Fraser Fujita García Gerber Ghosh Girard Gomes
    González Gray Green Gruber Gupta Haas Hall Hamilton Hansen Harris Hassan Hayashi Hernández Herrera
    Hill Hoffmann Holm Horváth Huang Hughes Hussein Ibrahim Ito Ivanov Iyer Jackson Jansen Jensen
    Johansson Johnson Jones Joshi Kaplan Kato Kaur Kaya Keller Kelly Khan Kim King Klein Koch Kovács
    Kowalski Krüger Kumar Lambert Larsen Larsson Laurent Lee Lefebvre Lehmann Leroy Li Lin Lind
    Lindqvist López Lund Ma Maier Marino Martin Martínez Mbeki McCarthy Mehta Mendes Meyer Miller
    Mitchell Molina Moore Morales Moreau Moretti Morgan Müller Murphy Mwangi Nakamura Nelson Nguyen
    Nielsen Nkosi Novak Novotný O'Brien O'Connor Ødegaard Okafor Okoye Olsen Ortiz Osei Owen Özdemir
    Park Parker Patel Pavlov Pereira Perez Peters Petit Petrov Phillips Popescu Price Ramos Rao Reddy
    Reid Reyes Ricci Richter Rivera Roberts Robinson Rodríguez Romano Rossi Roth Roy Ruiz Russo Ryan
    Sahin Saito Salazar Sánchez Santos Sato Schmidt Schneider Schulz Scott Shah Sharma Silva Singh Smith
    Sokolov Sørensen Soto Stewart Strand Suzuki Svensson Takahashi Tan Tanaka Taylor Thomas Thompson
    Torres Tran Turner Usman Van Vargas Vasquez Vega Vogel Volkov Wagner Walker Wang Ward Watanabe Weber
    Weiss White Wilson Wood Wright Wu Yamamoto Yang Yilmaz Young Yusuf Zhang Zhao Zimmermann
    """
)

COMPANY_HEADS = _words(
    """
    Alder Amber Anchor Apex Arbor Aspen Atlas Aurora Basalt Beacon Birch Blue Bright Bridge Canyon Cedar
    Cinder Cobalt Copper Coral Crest Crown Delta Drift Eagle Echo Ember Falcon Fern Field Flint Forge
    Fox Gale Garnet Glacier Golden Granite Green Harbor Haven Hazel Heron Hill Horizon Indigo Iron Ivory
    Jade Juniper Keystone Lake Lantern Laurel Lighthouse Linden Lunar Maple Marble Meadow Mercury Mesa
    Midland Mill Moss North Nova Oak Ocean Olive Onyx Opal Orchard Orion Osprey Pacific Paragon Pearl
    Peak Pine Pioneer Prairie Quarry Quartz Raven Red Ridge River Rowan Sable Saffron Sage Sequoia
    Silver Slate Solar South Spruce Sterling Stone Summit Swift Tidal Timber Topaz Tulip Union Valley
    Vega Verdant Vista West Willow Wind Winter Zenith
    """
)

COMPANY_TAILS = (
    ("Analytics", "Software"),
    ("Bank", "Banking"),
    ("Biotech", "Biotechnology"),
    ("Building Supply", "Construction"),
    ("Capital", "Finance"),
    ("Chemicals", "Chemicals"),
    ("Clinics", "Healthcare"),
    ("Cloud", "Technology"),
    ("Consulting", "Consulting"),
    ("Education", "Education"),
    ("Electronics", "Electronics"),
    ("Energy", "Energy"),
    ("Engineering", "Engineering"),
    ("Foods", "Food & Beverage"),
    ("Freight", "Shipping"),
    ("Hotels", "Hospitality"),
    ("Insurance", "Insurance"),
    ("Logistics", "Transportation"),
    ("Machinery", "Machinery"),
    ("Media", "Media"),
    ("Medical", "Healthcare"),
    ("Networks", "Telecommunications"),
    ("Packaging", "Manufacturing"),
    ("Pharma", "Biotechnology"),
    ("Retail", "Retail"),
    ("Robotics", "Manufacturing"),
    ("Security", "Technology"),
    ("Systems", "Technology"),
    ("Textiles", "Apparel"),
    ("Utilities", "Utilities"),
)
"""Second half of a company's name, and its Salesforce industry."""

COMPANY_FORMS = ("", "", "", " Inc", " Ltd", " GmbH", " Group", " & Co")

CITIES = (
    ("Amsterdam", "Netherlands", "+31 20 555"),
    ("Atlanta", "United States", "+1 404 555"),
    ("Austin", "United States", "+1 512 555"),
    ("Barcelona", "Spain", "+34 93 555"),
    ("Berlin", "Germany", "+49 30 555"),
    ("Boston", "United States", "+1 617 555"),
    ("Chicago", "United States", "+1 312 555"),
    ("Copenhagen", "Denmark", "+45 33 55"),
    ("Denver", "United States", "+1 303 555"),
    ("Dublin", "Ireland", "+353 1 555"),
    ("Lisbon", "Portugal", "+351 21 555"),
    ("London", "United Kingdom", "+44 20 7946"),
    ("Madrid", "Spain", "+34 91 555"),
    ("Milan", "Italy", "+39 02 555"),
    ("Munich", "Germany", "+49 89 555"),
    ("New York", "United States", "+1 212 555"),
    ("Oslo", "Norway", "+47 22 55"),
    ("Paris", "France", "+33 1 55 55"),
    ("Prague", "Czechia", "+420 2 5555"),
    ("San Francisco", "United States", "+1 415 555"),
    ("Seattle", "United States", "+1 206 555"),
    ("Singapore", "Singapore", "+65 6555"),
    ("Stockholm", "Sweden", "+46 8 555"),
    ("Sydney", "Australia", "+61 2 5550"),
    ("Tokyo", "Japan", "+81 3 5555"),
    ("Toronto", "Canada", "+1 416 555"),
    ("Vienna", "Austria", "+43 1 555"),
    ("Warsaw", "Poland", "+48 22 555"),
    ("Zürich", "Switzerland", "+41 44 555"),
)
"""City, country, first digits of its telephone numbers."""

TITLES = (
    "Account Executive",
    "Accountant",
    "Analyst",
    "Architect",
    "Buyer",
    "Chief Executive Officer",
    "Chief Financial Officer",
    "Chief Information Officer",
    "Chief Marketing Officer",
    "Chief Operating Officer",
    "Chief Technology Officer",
    "Consultant",
    "Controller",
    "Customer Success Lead",
    "Data Engineer",
    "Director of Finance",
    "Director of IT",
    "Director of Marketing",
    "Director of Operations",
    "Director of Procurement",
    "Director of Sales",
    "Facilities Lead",
    "Founder",
    "General Counsel",
    "Head of Compliance",
    "Head of Digital",
    "Head of Engineering",
    "Head of People",
    "HR Business Partner",
    "IT Administrator",
    "Logistics Planner",
    "Marketing Specialist",
    "Operations Lead",
    "Plant Director",
    "President",
    "Product Owner",
    "Project Lead",
    "Purchasing Officer",
    "Quality Lead",
    "Regional Director",
    "Security Officer",
    "Software Engineer",
    "Supply Chain Director",
    "VP Engineering",
    "VP Finance",
    "VP Marketing",
    "VP Operations",
    "VP Product",
    "VP Sales",
)

LEAD_SOURCES = (
    "Advertisement",
    "Employee Referral",
    "External Referral",
    "Partner",
    "Public Relations",
    "Seminar - Internal",
    "Seminar - Partner",
    "Trade Show",
    "Web",
    "Word of mouth",
    "Other",
)

OPEN_STAGES = (
    ("Prospecting", 10),
    ("Qualification", 10),
    ("Needs Analysis", 20),
    ("Value Proposition", 50),
    ("Id. Decision Makers", 60),
    ("Perception Analysis", 70),
    ("Proposal/Price Quote", 75),
    ("Negotiation/Review", 90),
)
"""Stage of an open opportunity and its probability in per cent."""

CONTACT_ROLES = (
    "Business User",
    "Decision Maker",
    "Economic Buyer",
    "Economic Decision Maker",
    "Evaluator",
    "Executive Sponsor",
    "Influencer",
    "Technical Buyer",
)

SELLERS = (
    ("Robin", "Ashdown"),
    ("Kim", "Barlow"),
    ("Alex", "Castellan"),
    ("Sam", "Draper"),
    ("Jo", "Ekström"),
    ("Chris", "Fairbank"),
    ("Dana", "Gallo"),
    ("Lee", "Hartono"),
    ("Pat", "Iversen"),
    ("Noor", "Jamison"),
    ("Toni", "Kessler"),
    ("Max", "Lindgren"),
    ("Andrea", "Mansour"),
    ("Sasha", "Nowak"),
    ("Jamie", "Oduya"),
    ("Morgan", "Pryce"),
    ("Casey", "Quint"),
    ("Riley", "Ramírez"),
    ("Quinn", "Sandoval"),
    ("Taylor", "Thorne"),
    ("Jordan", "Urbina"),
    ("Avery", "Whitlock"),
)
"""The 22 active sellers: first and last name."""

_LETTERS_WITHOUT_BASE = str.maketrans({"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ß": "ss", "æ": "ae", "Æ": "ae"})


def plain(text: str) -> str:
    """Return the text as lower-case ASCII letters and digits, as in a mail address or a domain."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS_WITHOUT_BASE))
        text = decomposed.encode("ascii", "ignore").decode("ascii")
    return "".join(filter(str.isalnum, text)).lower()
