//! What keeps the chat from working on pages: counted by site, reason and day, for the owner. Nothing of it is about a visitor.

use std::sync::Arc;

use chrono::TimeDelta;
use natter_shared::contact::Contacts;
use natter_shared::install::{InstallReason, InstallReport, InstallReportView, InstallReports};
use url::Url;

use crate::clock::timestamp;
use crate::store::{InstallReportRow, NewInstallReport};

use super::origin::{Origin, OriginRefusal};
use super::session::invalid;
use super::{Credential, OriginProof, Published, Purpose, Service, ServiceError, contact};

/// Longest detail, in characters.
const MAX_DETAIL_CHARS: usize = 300;
/// Longest version, in characters.
const MAX_VERSION_CHARS: usize = 40;
/// An origin is at most a host name of 253 characters with scheme and port; longer is an attack on the table.
const MAX_ORIGIN: usize = 300;
/// How many days reports are kept.
const KEPT_DAYS: i64 = 90;
/// Most contacts in one answer.
const MOST_CONTACTS: i64 = 500;

impl Service {
    /// Counts what a page reports.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is no such chatbot; [`ServiceError::Invalid`] when the page cannot be told.
    pub async fn report_install(
        &self,
        name: &str,
        proof: &OriginProof,
        report: &InstallReport,
    ) -> Result<(), ServiceError> {
        let chatbot = self.chatbot(name)?;
        let new = NewInstallReport {
            chatbot: chatbot.id,
            origin: self.reported_origin(proof, report.page_origin.as_deref())?,
            reason: report.reason,
            detail: report.detail.as_deref().and_then(harmless),
            version: report.version.as_deref().and_then(version),
            created_at: self.clock().now(),
        };
        let mut tx = self.store().write().await?;
        tx.count_install_report(&new).await?;
        Ok(tx.commit().await?)
    }

    /// The browser's word counts; our own frame and page may say in whose place they stand.
    fn reported_origin(
        &self,
        proof: &OriginProof,
        said: Option<&str>,
    ) -> Result<String, ServiceError> {
        let own = |origin: &Origin| self.is_own_origin(origin);
        let header = match Origin::parse(proof.origin.as_deref()) {
            Ok(origin) if own(&origin) => None,
            Ok(origin) => Some(origin.as_str().to_owned()),
            Err(OriginRefusal::Null) => Some("null".to_owned()),
            Err(_) => None,
        };
        let named = || match Origin::parse(said) {
            Ok(origin) => Some(origin.as_str().to_owned()),
            Err(OriginRefusal::Null) => Some("null".to_owned()),
            Err(_) => None,
        };
        header.or_else(named).filter(|origin| origin.len() <= MAX_ORIGIN).ok_or_else(|| {
            invalid("page_origin", "page_origin is no origin; send it like https://shop.example")
        })
    }

    /// Counts a refused origin, without making the refused caller wait.
    pub(super) fn note_refusal(&self, chatbot: &Published, origin: String, refusal: OriginRefusal) {
        if origin.len() > MAX_ORIGIN || self.inner.closing.is_cancelled() {
            return;
        }
        tracing::info!(chatbot = %chatbot.public_id, reason = refusal.code(), "handshake.origin refused");
        let new = NewInstallReport {
            chatbot: chatbot.id,
            origin,
            reason: InstallReason::Origin,
            detail: Some(refusal.code().to_owned()),
            version: None,
            created_at: self.clock().now(),
        };
        let service = self.clone();
        self.inner.tasks.spawn(async move {
            let noted = async {
                let mut tx = service.store().write().await?;
                tx.count_install_report(&new).await?;
                tx.commit().await
            };
            if let Err(error) = noted.await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "handshake.note_refusal failed"
                );
            }
        });
    }

    /// Forgets reports that are older than 90 days.
    pub(super) async fn prune_reports(&self) -> Result<(), ServiceError> {
        let mut tx = self.store().write().await?;
        tx.prune_install_reports(self.clock().now() - TimeDelta::days(KEPT_DAYS)).await?;
        Ok(tx.commit().await?)
    }

    /// What was reported of a chatbot in the last `days`, for a key with the scope `admin`.
    ///
    /// # Errors
    /// [`ServiceError`] when the key does not open it.
    pub async fn install_reports(
        &self,
        name: &str,
        credential: &Credential,
        days: u32,
    ) -> Result<InstallReports, ServiceError> {
        let chatbot = self.owned(name, credential, Purpose::Own).await?;
        let since = self.clock().now() - TimeDelta::days(days.min(90).into());
        let rows = self.store().read().await?.install_reports(chatbot.id, since).await?;
        Ok(InstallReports { reports: rows.iter().map(view).collect() })
    }

    /// What was reported of all chatbots in the last `days`, for whoever has the database.
    ///
    /// # Errors
    /// [`ServiceError`] when the database fails.
    pub async fn all_install_reports(&self, days: u32) -> Result<InstallReports, ServiceError> {
        let since = self.clock().now() - TimeDelta::days(days.min(90).into());
        let rows = self.store().read().await?.all_install_reports(since).await?;
        Ok(InstallReports { reports: rows.iter().map(view).collect() })
    }

    /// A chatbot's newest contacts, for a key with the scope `read` or `admin`.
    ///
    /// # Errors
    /// [`ServiceError`] when the key does not open it.
    pub async fn contacts(
        &self,
        name: &str,
        credential: &Credential,
    ) -> Result<Contacts, ServiceError> {
        let chatbot = self.owned(name, credential, Purpose::Survey).await?;
        let mut tx = self.store().read().await?;
        let rows = tx.contacts(chatbot.organization, chatbot.id, MOST_CONTACTS).await?;
        Ok(Contacts { contacts: rows.iter().map(contact::view).collect() })
    }

    /// The chatbot, when an API key opens it for what only its owner may do.
    async fn owned(
        &self,
        name: &str,
        credential: &Credential,
        purpose: Purpose,
    ) -> Result<Arc<Published>, ServiceError> {
        let Credential::Key(key) = credential else { return Err(ServiceError::CredentialMissing) };
        let chatbot = match name.parse() {
            Ok(id) => self.chatbot_by_id(id)?,
            Err(_) => self.chatbot(name)?,
        };
        self.check_key(key, &chatbot, purpose).await?;
        Ok(chatbot)
    }
}

fn view(row: &InstallReportRow) -> InstallReportView {
    InstallReportView {
        slug: row.slug.clone(),
        day: row.day.clone(),
        origin: row.origin.clone(),
        reason: row.reason(),
        detail: row.detail.clone(),
        version: row.version.clone(),
        times: u32::try_from(row.times).unwrap_or(u32::MAX),
        first_at: timestamp(row.created_at),
        last_at: timestamp(row.last_at),
    }
}

/// A detail without control characters, in which addresses are cut down to their origin: what follows may be about a
/// visitor.
fn harmless(detail: &str) -> Option<String> {
    let words = detail.split(|c: char| c.is_whitespace() || c.is_control());
    let words = words.filter(|word| !word.is_empty()).map(|word| match word.find("://") {
        // What stands before the scheme, as in `(https://…)`, is left out with the rest.
        Some(at) => {
            let start =
                word[..at].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |end| end + 1);
            let url = word.get(start..).and_then(|url| Url::parse(url).ok());
            url.map_or_else(String::new, |url| url.origin().ascii_serialization())
        }
        None if word.contains('@') => String::new(),
        None => word.to_owned(),
    });
    let text: String = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let text: String = text.chars().take(MAX_DETAIL_CHARS).collect();
    (!text.is_empty()).then_some(text)
}

fn version(text: &str) -> Option<String> {
    let fits = (1..=MAX_VERSION_CHARS).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte));
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_detail_loses_what_may_be_about_a_visitor() {
        for (detail, kept) in [
            ("CompileError: blocked by CSP", Some("CompileError: blocked by CSP")),
            (
                "at https://shop.example/orders/17?mail=a@b.example:3",
                Some("at https://shop.example"),
            ),
            ("(https://shop.example:8443/x#y)", Some("https://shop.example:8443")),
            ("user ada@shop.example has no storage", Some("user has no storage")),
            ("a\n\tb\u{0}c", Some("a b c")),
            ("://", None),
            (" \n ", None),
        ] {
            assert_eq!(harmless(detail).as_deref(), kept, "{detail:?}");
        }
        assert_eq!(harmless(&"x".repeat(1_000)).unwrap().len(), 300);
    }
}
