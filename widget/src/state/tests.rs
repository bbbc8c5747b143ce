//! t
#[test]
fn sizes() {
    use super::*;
    panic!("effect {} msg {} call {} line {} part {} state {}", size_of::<Effect>(), size_of::<Msg>(), size_of::<Call>(), size_of::<Line>(), size_of::<natter_shared::stream::StreamPart>(), size_of::<State>());
}
