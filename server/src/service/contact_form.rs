//! The contact form that an owner made: whether it can be used, and whether what a visitor entered fits it.

use std::collections::HashSet;

use chrono::NaiveDate;
use natter_shared::contact::{
    ContactField, ContactForm, ContactHandoff, FieldKind, FormField, OfferContact,
};
use natter_shared::problem::FieldError;
use url::Url;

/// Most fields of a form.
const MAX_FIELDS: usize = 20;
/// Most options of a choice.
const MAX_OPTIONS: usize = 50;
/// Longest label or option, in characters.
const MAX_LABEL: usize = 200;
/// Latest message that the form may wait for.
const MAX_AFTER: u32 = 100;
/// A telephone number has at least so many digits.
const MIN_DIGITS: usize = 5;

/// The fields that have columns of their own, in the order of the built-in form.
const BUILT_IN: [(&str, &str, FieldKind); 4] = [
    ("name", "Name", FieldKind::Text),
    ("email", "E-mail", FieldKind::Email),
    ("phone", "Phone", FieldKind::Phone),
    ("message", "Message", FieldKind::Textarea),
];

/// The label of a field of the built-in form.
pub(super) fn built_in_label(key: &str) -> &'static str {
    BUILT_IN.iter().find(|(known, ..)| *known == key).map_or("", |(_, label, _)| label)
}

/// The keys of the form's fields, in order.
pub(super) fn keys(form: &ContactForm) -> Vec<String> {
    if form.fields.is_empty() {
        return BUILT_IN.iter().map(|(key, ..)| (*key).to_owned()).collect();
    }
    form.fields.iter().map(|field| field.key.clone()).collect()
}

/// Longest text of a field, in characters.
const fn longest(kind: FieldKind) -> u32 {
    match kind {
        FieldKind::Text | FieldKind::Select => 200,
        FieldKind::Email => 254,
        FieldKind::Phone | FieldKind::Number => 40,
        FieldKind::Textarea => 4_000,
        FieldKind::Checkbox | FieldKind::Date => 10,
        FieldKind::Url => 2_000,
    }
}

/// Whether the form can be used.
///
/// # Errors
/// One sentence that names the key and says what to change.
pub(super) fn check(form: &ContactForm) -> Result<(), String> {
    const AT: &str = "chatbots.contact_form";
    match (form.when, form.after_messages) {
        (OfferContact::AfterMessages, Some(after)) if (1..=MAX_AFTER).contains(&after) => {}
        (OfferContact::AfterMessages, _) => {
            return Err(format!(
                "{AT}.after_messages must lie between 1 and {MAX_AFTER} with when = \"after_messages\""
            ));
        }
        (_, Some(_)) => {
            return Err(format!(
                "{AT}.after_messages goes with when = \"after_messages\"; remove it or set that"
            ));
        }
        (_, None) => {}
    }
    if form.fields.len() > MAX_FIELDS {
        return Err(format!("{AT}.fields has more than {MAX_FIELDS} entries; ask for less"));
    }
    let mut known = HashSet::new();
    for field in &form.fields {
        let key = &field.key;
        let fits = (1..=40).contains(&key.len())
            && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !fits {
            return Err(format!(
                "{AT}.fields.key {key:?} must be of small letters, digits and _, at most 40"
            ));
        }
        if !known.insert(key) {
            return Err(format!("{AT}.fields has the key {key:?} twice; choose another"));
        }
        check_field(field).map_err(|reason| format!("{AT}.fields {key:?}: {reason}"))?;
    }
    let reaches = |field: &FormField| matches!(field.kind, FieldKind::Email | FieldKind::Phone);
    if !form.fields.is_empty() && !form.fields.iter().any(reaches) {
        return Err(format!(
            "{AT}.fields asks for nothing to reach the visitor by; add a field of type email or phone"
        ));
    }
    Ok(())
}

fn check_field(field: &FormField) -> Result<(), String> {
    let short = |text: &str| !text.trim().is_empty() && text.chars().count() <= MAX_LABEL;
    if !short(&field.label) {
        return Err(format!("label must have 1 to {MAX_LABEL} characters"));
    }
    let is_choice = field.kind == FieldKind::Select;
    if is_choice == field.options.is_empty() {
        return Err("options go with type = \"select\", and it needs them".into());
    }
    let different: HashSet<&String> = field.options.iter().collect();
    if field.options.len() > MAX_OPTIONS
        || different.len() < field.options.len()
        || !field.options.iter().all(|option| short(option) && option.trim() == option)
    {
        return Err(format!(
            "options must be at most {MAX_OPTIONS} different texts of 1 to {MAX_LABEL} characters, without space around them"
        ));
    }
    let most = longest(field.kind);
    if field.max_length.is_some_and(|own| !(1..=most).contains(&own)) {
        return Err(format!("max_length must lie between 1 and {most} for this type"));
    }
    // These have a place of their own in what the owner reads.
    if let Some((_, _, kind)) = BUILT_IN.iter().find(|(key, ..)| *key == field.key)
        && field.kind != *kind
        && !(*kind == FieldKind::Textarea && field.kind == FieldKind::Text)
    {
        return Err("a field of this key has the type of its name: name is text, email is email, phone is phone, message is textarea".into());
    }
    Ok(())
}

/// What was entered, in the order of the form, when it fits. A field that was left empty is not among it.
///
/// # Errors
/// Everything that is wrong, field by field.
pub(super) fn read(
    form: &ContactForm,
    handoff: &ContactHandoff,
) -> Result<Vec<ContactField>, Vec<FieldError>> {
    let built_in: Vec<FormField>;
    let fields = if form.fields.is_empty() {
        built_in = BUILT_IN.iter().map(built_in_field).collect();
        &built_in
    } else {
        &form.fields
    };
    let own = [
        ("name", &handoff.name),
        ("email", &handoff.email),
        ("phone", &handoff.phone),
        ("message", &handoff.message),
    ];
    let own = own.iter().filter_map(|(key, value)| Some((*key, value.as_deref()?)));
    let entered: Vec<(&str, &str)> = own
        .chain(handoff.fields.0.iter().map(|(key, value)| (key.as_str(), value.as_str())))
        .map(|(key, value)| (key, value.trim()))
        .collect();
    let mut errors = Vec::new();
    let mut wrong = |field: &str, code: &str, detail: &str| {
        // A body holds thousands; nobody reads more than these.
        if errors.len() < 2 * MAX_FIELDS {
            let (field, code, detail) = (field.into(), code.into(), detail.into());
            errors.push(FieldError { field, code, detail });
        }
    };
    let mut seen = HashSet::new();
    for (key, _) in &entered {
        let short: String = key.chars().take(40).collect();
        if !fields.iter().any(|field| field.key == *key) {
            wrong(&short, "unknown", "the form has no such field; leave it out");
        } else if !seen.insert(*key) {
            wrong(&short, "invalid", "this field is given twice; send it once");
        }
    }
    let mut read = Vec::new();
    for field in fields {
        let value =
            entered.iter().find(|(key, _)| *key == field.key).map_or("", |(_, value)| value);
        match read_field(field, value) {
            Ok(Some(value)) => {
                let (key, label) = (field.key.clone(), field.label.clone());
                read.push(ContactField { key, label, value });
            }
            Ok(None) => {}
            Err((code, detail)) => wrong(&field.key, code, &detail),
        }
    }
    if form.fields.is_empty()
        && !read.iter().any(|field| field.key == "email" || field.key == "phone")
    {
        wrong(
            "email",
            "required",
            "an e-mail address or a telephone number is needed; give one of them",
        );
    }
    if errors.is_empty() { Ok(read) } else { Err(errors) }
}

fn built_in_field((key, label, kind): &(&str, &str, FieldKind)) -> FormField {
    FormField {
        key: (*key).into(),
        label: (*label).into(),
        kind: *kind,
        required: false,
        options: Vec::new(),
        max_length: None,
    }
}

/// The value as it is kept; none when the field was left empty.
fn read_field(field: &FormField, value: &str) -> Result<Option<String>, (&'static str, String)> {
    if field.kind == FieldKind::Checkbox {
        return match value {
            "true" | "on" | "1" => Ok(Some("true".into())),
            "" | "false" | "off" | "0" if field.required => {
                Err(("required", "this must be ticked".into()))
            }
            "" => Ok(None),
            "false" | "off" | "0" => Ok(Some("false".into())),
            _ => Err(("invalid", "this is true or false; send one of them".into())),
        };
    }
    if value.is_empty() {
        return if field.required {
            Err(("required", "this is needed; fill it in".into()))
        } else {
            Ok(None)
        };
    }
    let most = field.max_length.unwrap_or(longest(field.kind));
    if value.chars().count() > most as usize {
        return Err(("too_long", format!("this is longer than {most} characters; shorten it")));
    }
    if value.contains('\0') {
        return Err(("invalid", "this contains a null character; remove it".into()));
    }
    if field.kind != FieldKind::Textarea && value.contains(['\n', '\r']) {
        return Err(("invalid", "this has several lines; write it in one".into()));
    }
    let fits = match field.kind {
        FieldKind::Text | FieldKind::Textarea | FieldKind::Checkbox => None,
        FieldKind::Email => (!plausible_email(value))
            .then_some("this is not an e-mail address; write it like name@example.com"),
        FieldKind::Phone => (!plausible_phone(value))
            .then_some("this is not a telephone number; write it with at least 5 digits"),
        FieldKind::Number => (!value.parse::<f64>().is_ok_and(f64::is_finite))
            .then_some("this is not a number; write it like 12 or 12.5"),
        FieldKind::Date => NaiveDate::parse_from_str(value, "%Y-%m-%d")
            .is_err()
            .then_some("this is not a day; write it like 2027-01-31"),
        FieldKind::Url => (!plausible_url(value))
            .then_some("this is not a web address; write it like https://example.com"),
        FieldKind::Select => {
            if !field.options.iter().any(|option| option == value) {
                let options = field.options.join(", ");
                return Err(("not_an_option", format!("this must be one of: {options}")));
            }
            None
        }
    };
    fits.map_or_else(|| Ok(Some(value.to_owned())), |detail| Err(("invalid", detail.into())))
}

/// Something, an at sign, something with a dot inside, and no white space: whether it exists only a letter can tell.
pub(super) fn plausible_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let clean =
        |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control());
    clean(local)
        && clean(domain)
        && domain.trim_matches('.').contains('.')
        && domain.trim_matches('.') == domain
}

pub(super) fn plausible_phone(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= MIN_DIGITS
}

fn plausible_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use natter_shared::contact::Fields;

    use super::*;

    fn field(key: &str, kind: FieldKind) -> FormField {
        FormField { key: key.into(), label: key.into(), kind, ..built_in_field(&BUILT_IN[0]) }
    }

    fn one(field: &FormField, value: &str) -> Result<Option<String>, &'static str> {
        read_field(field, value).map_err(|(code, _)| code)
    }

    #[test]
    fn only_what_may_be_an_address_is_taken_for_one() {
        for good in
            ["a@b.example", "first.last+tag@sub.domain.example", "\u{fc}@b\u{fc}cher.example"]
        {
            assert!(plausible_email(good), "{good}");
        }
        for bad in
            ["", "a", "a@", "@b.example", "a@b", "a b@c.example", "a@b.example.", "a@.example"]
        {
            assert!(!plausible_email(bad), "{bad}");
        }
    }

    #[test]
    fn each_type_takes_its_own_values_and_no_others() {
        use FieldKind::{Checkbox, Date, Email, Number, Phone, Select, Text, Textarea, Url};
        let good = [
            (Text, "x"),
            (Textarea, "two\nlines"),
            (Email, "a@b.example"),
            (Phone, "+353 20 912 0147"),
            (Number, "-12.5"),
            (Date, "2028-02-29"),
            (Url, "https://b\u{fc}cher.example/a?b"),
            (Checkbox, "true"),
            (Select, "blue"),
        ];
        let bad = [
            (Text, "two\nlines", "invalid"),
            (Text, "null\0", "invalid"),
            (Email, "a@b", "invalid"),
            (Phone, "call me", "invalid"),
            (Number, "12,5", "invalid"),
            (Number, "NaN", "invalid"),
            (Number, "inf", "invalid"),
            (Date, "2027-02-29", "invalid"),
            (Date, "31.1.2027", "invalid"),
            (Url, "javascript:alert(1)", "invalid"),
            (Url, "example.com", "invalid"),
            (Checkbox, "maybe", "invalid"),
            (Select, "green", "not_an_option"),
        ];
        let with =
            |kind| FormField { options: vec!["red".into(), "blue".into()], ..field("x", kind) };
        for (kind, value) in good {
            assert_eq!(one(&with(kind), value), Ok(Some(value.to_owned())), "{kind:?}");
        }
        for (kind, value, code) in bad {
            assert_eq!(one(&with(kind), value), Err(code), "{kind:?} {value:?}");
        }
        for kind in [Text, Textarea, Email, Phone, Number, Date, Url, Checkbox, Select] {
            assert_eq!(one(&with(kind), ""), Ok(None), "{kind:?}");
            let required = FormField { required: true, ..with(kind) };
            assert_eq!(one(&required, ""), Err("required"), "{kind:?}");
            let long = "1".repeat(longest(kind) as usize + 1);
            assert!(one(&with(kind), &long).is_err(), "{kind:?}");
        }
        let short = FormField { max_length: Some(3), ..field("x", Text) };
        assert_eq!(one(&short, "\u{fc}\u{fc}\u{fc}"), Ok(Some("\u{fc}\u{fc}\u{fc}".into())));
        assert_eq!(one(&short, "four"), Err("too_long"));
    }

    #[test]
    fn what_is_wrong_is_named_field_by_field() {
        let form = ContactForm {
            fields: vec![
                FormField { required: true, ..field("company", FieldKind::Text) },
                field("email", FieldKind::Email),
            ],
            ..ContactForm::default()
        };
        let entered = |pairs: &[(&str, &str)]| ContactHandoff {
            fields: Fields(pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect()),
            ..ContactHandoff::default()
        };
        let read = |pairs: &[(&str, &str)]| read(&form, &entered(pairs));
        let errors = read(&[("email", "x"), ("size", "L"), ("email", "y")]).unwrap_err();
        let codes: Vec<_> = errors.iter().map(|e| (e.field.as_str(), e.code.as_str())).collect();
        assert_eq!(
            codes,
            [
                ("size", "unknown"),
                ("email", "invalid"),
                ("company", "required"),
                ("email", "invalid")
            ]
        );
        let good = read(&[("email", " a@b.example "), ("company", "ACME")]).unwrap();
        let values: Vec<_> = good.iter().map(|f| (f.key.as_str(), f.value.as_str())).collect();
        assert_eq!(values, [("company", "ACME"), ("email", "a@b.example")], "in the form's order");
    }

    #[test]
    fn a_form_that_cannot_be_used_is_refused_with_a_reason() {
        type Change = fn(&mut ContactForm);
        let with = |change: fn(&mut ContactForm)| {
            let mut form = ContactForm {
                fields: vec![field("email", FieldKind::Email), field("size", FieldKind::Text)],
                ..ContactForm::default()
            };
            change(&mut form);
            check(&form)
        };
        assert_eq!(with(|_| {}), Ok(()));
        assert_eq!(check(&ContactForm::default()), Ok(()));
        let refused: [(Change, &str); 11] = [
            (|form| form.when = OfferContact::AfterMessages, "after_messages"),
            (|form| form.after_messages = Some(2), "after_messages"),
            (|form| form.fields[1].key = "Size".into(), "small letters"),
            (|form| form.fields[1].key = "email".into(), "twice"),
            (|form| form.fields[1].label = "  ".into(), "label"),
            (|form| form.fields[1].kind = FieldKind::Select, "options"),
            (|form| form.fields[1].options = vec!["L".into()], "options"),
            (|form| form.fields[1].max_length = Some(201), "max_length"),
            (|form| form.fields[0].kind = FieldKind::Text, "type of its name"),
            (|form| form.fields.truncate(0), ""),
            (|form| drop(form.fields.remove(0)), "email or phone"),
        ];
        for (change, said) in refused {
            match with(change) {
                Ok(()) => assert_eq!(said, "", "this should have been refused"),
                Err(reason) => {
                    assert!(!said.is_empty() && reason.contains(said), "{said}: {reason}");
                }
            }
        }
    }
}
