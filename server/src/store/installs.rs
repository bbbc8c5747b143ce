//! What kept the chat from working on pages.

use chrono::{DateTime, Utc};
use natter_shared::id::ChatbotId;
use natter_shared::install::InstallReason;

use super::row::uuid;
use super::{ReadTx, StoreError, WriteTx, on, sql};

/// Most different reports of a chatbot in a day: they can be made up.
const MOST_A_DAY: i64 = 200;

/// A report to be counted.
#[derive(Debug, Clone)]
pub struct NewInstallReport {
    /// The chatbot.
    pub chatbot: ChatbotId,
    /// Origin of the page.
    pub origin: String,
    /// Why.
    pub reason: InstallReason,
    /// More for a developer's eyes.
    pub detail: Option<String>,
    /// Version of the loader.
    pub version: Option<String>,
    /// Now.
    pub created_at: DateTime<Utc>,
}

/// What was counted in a day.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct InstallReportRow {
    /// Slug of the chatbot.
    pub slug: String,
    /// Origin of the page.
    pub origin: String,
    reason: String,
    /// The day as `YYYY-MM-DD`, in UTC.
    pub day: String,
    /// What came with the newest report that said more.
    pub detail: Option<String>,
    /// Version of the loader.
    pub version: Option<String>,
    /// How often.
    pub times: i64,
    /// The first report of the day.
    pub created_at: DateTime<Utc>,
    /// The last.
    pub last_at: DateTime<Utc>,
}

impl InstallReportRow {
    /// Why.
    #[must_use]
    pub fn reason(&self) -> InstallReason {
        InstallReason::from_word(&self.reason)
    }
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

impl ReadTx {
    /// A chatbot's reports since a day, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn install_reports(
        &mut self,
        chatbot: ChatbotId,
        since: DateTime<Utc>,
    ) -> Result<Vec<InstallReportRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("install_reports_by_chatbot"))
            .bind(uuid(chatbot.as_u128()))
            .bind(day(since))
            .fetch_all(conn)
            .await)?)
    }

    /// All reports since a day, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn all_install_reports(
        &mut self,
        since: DateTime<Utc>,
    ) -> Result<Vec<InstallReportRow>, StoreError> {
        Ok(on!(self, |conn| sqlx::query_as(sql!("install_reports_all"))
            .bind(day(since))
            .fetch_all(conn)
            .await)?)
    }
}

impl WriteTx {
    /// Counts a report. Beyond 200 different ones of a chatbot in a day, new ones are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn count_install_report(&mut self, new: &NewInstallReport) -> Result<(), StoreError> {
        let today = day(new.created_at);
        let others: i64 = on!(self, |conn| sqlx::query_scalar(sql!("install_report_count"))
            .bind(uuid(new.chatbot.as_u128()))
            .bind(&today)
            .bind(&new.origin)
            .bind(new.reason.as_str())
            .fetch_one(conn)
            .await)?;
        if others >= MOST_A_DAY {
            return Ok(());
        }
        on!(self, |conn| sqlx::query(sql!("install_report_upsert"))
            .bind(uuid(new.chatbot.as_u128()))
            .bind(&new.origin)
            .bind(new.reason.as_str())
            .bind(&today)
            .bind(&new.detail)
            .bind(&new.version)
            .bind(new.created_at)
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Forgets reports of days before this one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn prune_install_reports(&mut self, before: DateTime<Utc>) -> Result<(), StoreError> {
        on!(self, |conn| sqlx::query(sql!("install_reports_prune"))
            .bind(day(before))
            .execute(conn)
            .await
            .map(drop))?;
        Ok(())
    }
}
