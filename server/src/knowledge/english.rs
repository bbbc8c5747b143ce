//! English forms that the stemmer cannot know: irregular inflections, British spellings, and the few nouns for what a
//! business does whose verb it stems differently. Nothing here relates two different words.

/// The form that the stemmer can do the rest with; `word` itself for most words.
pub(super) fn regular(word: &str) -> &str {
    FORMS.binary_search_by_key(&word, |(form, _)| form).map_or(word, |index| FORMS[index].1)
}

#[rustfmt::skip]
const FORMS: &[(&str, &str)] = &[
    ("bought", "buy"), ("broke", "break"), ("broken", "break"), ("cancelled", "cancel"), ("cancelling", "cancel"),
    ("centre", "center"), ("centres", "center"), ("children", "child"), ("chose", "choose"), ("chosen", "choose"),
    ("colour", "color"), ("coloured", "color"), ("colours", "color"), ("deliveries", "deliver"),
    ("delivery", "deliver"), ("driven", "drive"), ("drove", "drive"), ("favourite", "favorite"),
    ("favourites", "favorite"), ("feet", "foot"), ("gave", "give"), ("given", "give"), ("grey", "gray"),
    ("held", "hold"), ("jewellery", "jewelry"), ("kept", "keep"), ("knives", "knife"), ("lost", "lose"),
    ("made", "make"), ("men", "man"), ("metre", "meter"), ("metres", "meter"), ("paid", "pay"), ("payment", "pay"),
    ("payments", "pay"), ("programme", "program"), ("ran", "run"), ("sent", "send"), ("shipment", "ship"),
    ("shipments", "ship"), ("sold", "sell"), ("taken", "take"), ("took", "take"), ("tore", "tear"), ("torn", "tear"),
    ("travelled", "travel"), ("travelling", "travel"), ("women", "woman"), ("wore", "wear"), ("worn", "wear"),
    ("written", "write"), ("wrote", "write"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_sorted() {
        assert!(FORMS.is_sorted());
        assert_eq!(regular("worn"), "wear");
        assert_eq!(regular("shoe"), "shoe");
    }
}
