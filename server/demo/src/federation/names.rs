//! Made-up names, and the dice that choose among them. Nobody is meant: surnames are put together of two halves.

/// How many surnames there are.
pub(super) const SURNAMES: usize = HEADS.len() * TAILS.len();

/// A first name, the most frequent first.
pub(super) fn first_name(rank: usize) -> &'static str {
    FIRST_NAMES[rank % FIRST_NAMES.len()]
}

/// A surname, the most frequent first. Neighbours in rank are no neighbours in the alphabet.
pub(super) fn surname(rank: usize) -> String {
    let place = rank * STRIDE % SURNAMES;
    format!("{}{}", HEADS[place / TAILS.len()], TAILS[place % TAILS.len()])
}

/// Has no divisor in common with the number of surnames, so that each comes once.
const STRIDE: usize = 797;

/// A generator of numbers that are the same on every machine and with every version of every library (SplitMix64).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new() -> Self {
        Self(2026)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number below another.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        u32::try_from((u64::from(self.roll() as u32) * u64::from(end)) >> 32).unwrap_or_default()
    }

    /// A place among so many, the first ones far more often: of 2,000 surnames the first is one person's in 160.
    pub(super) fn skewed(&mut self, count: usize) -> usize {
        let part = self.roll() as u32 as f64 / f64::from(u32::MAX);
        ((count as f64 * part * part.sqrt()) as usize).min(count - 1)
    }

    pub(super) fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let place = self.below(u32::try_from(all.len()).unwrap_or(u32::MAX));
        all.get(place as usize)
    }
}

pub(super) const TITLES: [&str; 6] = ["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr"];

pub(super) const JOB_TITLES: [&str; 24] = [
    "Staff nurse",
    "Healthcare assistant",
    "Administrator",
    "Ward manager",
    "Consultant",
    "Registrar",
    "Midwife",
    "Porter",
    "Pharmacist",
    "Pharmacy technician",
    "Physiotherapist",
    "Occupational therapist",
    "Radiographer",
    "Receptionist",
    "Medical secretary",
    "Dietitian",
    "Paramedic",
    "Practice nurse",
    "Practice manager",
    "General practitioner",
    "Biomedical scientist",
    "Housekeeper",
    "Community nurse",
    "Data analyst",
];

pub(super) const DEPARTMENTS: [&str; 12] = [
    "Medicine",
    "Surgery",
    "Outpatients",
    "Emergency care",
    "Maternity",
    "Estates",
    "Pharmacy",
    "Imaging",
    "Finance",
    "People services",
    "Community services",
    "Pathology",
];

/// None of them is a first name of the demonstration, so nobody has an address twice.
pub(super) const FIRST_NAMES: [&str; 96] = [
    "Olivia",
    "Thomas",
    "Amelia",
    "James",
    "Aisha",
    "Daniel",
    "Florence",
    "Mohammed",
    "Emily",
    "David",
    "Sophie",
    "Samuel",
    "Hannah",
    "Joseph",
    "Fatima",
    "Michael",
    "Charlotte",
    "Peter",
    "Ruth",
    "Andrew",
    "Meera",
    "Oliver",
    "Megan",
    "Adam",
    "Chloe",
    "Benjamin",
    "Zainab",
    "Simon",
    "Katherine",
    "Matthew",
    "Ngozi",
    "Robert",
    "Eleanor",
    "Luke",
    "Sana",
    "Mark",
    "Rebecca",
    "Ibrahim",
    "Lucy",
    "Patrick",
    "Anjali",
    "George",
    "Bethan",
    "Stephen",
    "Nicole",
    "Rajesh",
    "Alice",
    "Kwame",
    "Imogen",
    "Hassan",
    "Freya",
    "Declan",
    "Mei",
    "Gareth",
    "Joanna",
    "Arjun",
    "Siobhan",
    "Tobias",
    "Leila",
    "Rhys",
    "Chiara",
    "Marcus",
    "Yasmin",
    "Edward",
    "Zofia",
    "Kofi",
    "Harriet",
    "Dafydd",
    "Ingrid",
    "Omar",
    "Clara",
    "Sunil",
    "Maria",
    "Euan",
    "Abimbola",
    "Victor",
    "Shreya",
    "Conor",
    "Estelle",
    "Jakub",
    "Nia",
    "Felix",
    "Amina",
    "Rory",
    "Thandi",
    "Leo",
    "Catrin",
    "Hugo",
    "Renée",
    "Tomasz",
    "Isla",
    "Jürgen",
    "Wanjiru",
    "Alun",
    "Björk",
    "Xanthe",
];

const HEADS: [&str; 52] = [
    "Ash", "Bar", "Beck", "Birch", "Black", "Brad", "Bram", "Brook", "Burn", "Carl", "Clay", "Cold", "Cran", "Dal",
    "Dun", "East", "Elm", "Fair", "Farn", "Fern", "Gar", "Green", "Hal", "Har", "Hart", "Hath", "Haw", "Hazel", "High",
    "Hol", "Ken", "Kirk", "Lang", "Lin", "Long", "Marsh", "Mead", "Mill", "Moor", "Nor", "Oak", "Pem", "Raven", "Red",
    "Rose", "Row", "Stan", "Thorn", "Wal", "West", "Whit", "Wood",
];

const TAILS: [&str; 41] = [
    "bourne", "bridge", "brook", "bury", "by", "combe", "cote", "croft", "dale", "den", "field", "ford", "gate", "ham",
    "hurst", "ing", "lake", "land", "leigh", "ley", "low", "man", "mere", "mond", "more", "ness", "ridge", "sham",
    "shaw", "stead", "stock", "stone", "ston", "thorpe", "ton", "wall", "ward", "water", "well", "wick", "worth",
];
