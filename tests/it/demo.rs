//! The demo: the chatbot and the shop that it was taught belong together.

use axum::Router;
use natter_server::demo;
use natter_server::http::shop;

use crate::harness::{Database, Server, Setup, Wire, on_both};

on_both!(a_citation_leads_to_its_place_on_the_shops_page);

const AT: &str = "http://127.0.0.1:8788";

async fn a_citation_leads_to_its_place_on_the_shops_page(database: &Database) {
    let server = Server::with(database, Setup { file: None, ..Setup::default() }).await;
    let file = demo::apply_file(AT);
    server.service.apply("demo.toml", &file, &demo::read, &|_| None).await.unwrap();
    let answer = server.plain("demo").await.ask("How long do I have to return something?").await;
    let cited: Vec<&str> =
        answer.sources.iter().filter_map(|source| source.url.as_deref()).collect();
    let place = format!("{AT}/returns.html#how-long-do-i-have-to-return-something");
    assert!(cited.contains(&place.as_str()), "{cited:?}");
    // All places that could be cited are there.
    let pages: Router = shop("http://127.0.0.1:8787");
    let pages = Wire::Router(pages);
    let places = "select distinct s.url || '#' || c.anchor from chunks c \
                  join sources s on s.id = c.source_id where s.url is not null and c.anchor is not null";
    let places = database.texts(places).await;
    assert!(places.len() > 50, "{}", places.len());
    for place in &places {
        let (page, anchor) = place.strip_prefix(AT).unwrap().split_once('#').unwrap();
        let page = pages.get(page).send().await;
        assert_eq!(page.status, 200, "{place}");
        assert_eq!(page.text().matches(&format!("id=\"{anchor}\"")).count(), 1, "{place}");
    }
}
