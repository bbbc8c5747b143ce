//! The store's own tests, on SQLite. The suite over both databases stands in `tests/it`.

use super::*;

async fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("natter.db").display());
    let store = Store::open(&url).await.unwrap();
    (folder, store)
}

async fn add_organization(store: &Store, slug: &str) -> WriteTx {
    let clock = crate::clock::Clock::system();
    let mut tx = store.write().await.unwrap();
    tx.insert_organization(clock.id(), "Test", slug, clock.now()).await.unwrap();
    tx
}

#[tokio::test]
async fn what_is_committed_is_there_and_what_is_dropped_is_not() {
    let (_folder, store) = store().await;
    add_organization(&store, "kept").await.commit().await.unwrap();
    drop(add_organization(&store, "dropped").await);
    let mut tx = store.write().await.unwrap();
    assert!(tx.organization_by_slug("kept").await.unwrap().is_some());
    assert!(tx.organization_by_slug("dropped").await.unwrap().is_none());
}

#[tokio::test]
async fn a_unit_that_is_dropped_inside_a_group_takes_only_itself_along() {
    let (_folder, store) = store().await;
    let writers = (0..40).map(|number| {
        let store = store.clone();
        async move {
            let tx = add_organization(&store, &format!("group-{number}")).await;
            if number % 3 == 0 {
                drop(tx);
            } else {
                tx.commit().await.unwrap();
            }
        }
    });
    futures_util::future::join_all(writers).await;
    let mut tx = store.read().await.unwrap();
    for number in 0..40 {
        let found = tx.organization_by_slug(&format!("group-{number}")).await.unwrap();
        assert_eq!(found.is_some(), number % 3 != 0, "{number}");
    }
}

#[tokio::test]
async fn a_conflict_inside_a_group_takes_only_itself_along() {
    let (_folder, store) = store().await;
    let writers = (0..20).map(|_| {
        let store = store.clone();
        async move {
            let clock = crate::clock::Clock::system();
            let mut tx = store.write().await.unwrap();
            match tx.insert_organization(clock.id(), "Test", "same", clock.now()).await {
                Ok(()) => tx.commit().await.map(|()| true),
                Err(StoreError::Conflict(_)) => Ok(false),
                Err(other) => Err(other),
            }
        }
    });
    let outcomes = futures_util::future::join_all(writers).await;
    assert_eq!(outcomes.into_iter().filter(|outcome| *outcome.as_ref().unwrap()).count(), 1);
}

#[tokio::test]
async fn a_closed_store_refuses_to_write() {
    let (_folder, store) = store().await;
    store.close().await;
    assert!(matches!(store.write().await, Err(StoreError::Unavailable(_))));
}
