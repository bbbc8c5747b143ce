//! The server's secret and what is derived from it: a key for each purpose, never the secret itself.
//!
//! The secret file holds one secret a line, the current one first and older ones after it. Tokens that an older one
//! signed stay valid, and what an older one sealed can be opened, until its line is removed.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hkdf::Hkdf;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::clock::Clock;

/// Shortest secret that is accepted, in characters.
const MIN_LENGTH: usize = 32;

/// SHA-256, which is what is stored of every secret that is handed out.
#[must_use]
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn hex_hash(text: &str) -> String {
    hash(text).iter().fold(String::with_capacity(64), |mut hex, byte| {
        use std::fmt::Write as _;
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The secrets, current first.
#[derive(Debug, Clone)]
pub struct Secrets {
    secrets: Vec<SecretString>,
}

impl Secrets {
    /// Reads the file, or makes it with a new secret when it is absent.
    ///
    /// # Errors
    /// When the file cannot be read or made, is empty, or holds a line shorter than 32 characters.
    pub fn load(path: &Path, clock: &Clock) -> anyhow::Result<Self> {
        if !path.exists() {
            create(path, &clock.secret())?;
        }
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the secret file {}", path.display()))?;
        Self::parse(&text)
            .with_context(|| format!("the secret file {} cannot be used", path.display()))
    }

    /// Reads the lines of a secret file.
    ///
    /// # Errors
    /// When there is none, or one is shorter than 32 characters.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let lines: Vec<&str> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if lines.is_empty() {
            bail!("it is empty; delete it, and a new one is made at the next start");
        }
        if let Some(number) = lines.iter().position(|line| line.len() < MIN_LENGTH) {
            bail!(
                "secret number {} is shorter than {MIN_LENGTH} characters; use a longer one",
                number + 1
            );
        }
        Ok(Self { secrets: lines.into_iter().map(SecretString::from).collect() })
    }

    /// A key for each secret, current first, that serves `purpose` and no other.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Vec<[u8; 32]> {
        let derive = |secret: &SecretString| {
            let mut key = [0; 32];
            let expanded = Hkdf::<Sha256>::new(Some(b"natter"), secret.expose_secret().as_bytes())
                .expand(purpose.as_bytes(), &mut key);
            debug_assert!(expanded.is_ok(), "32 bytes are within what HKDF can give");
            key
        };
        self.secrets.iter().map(derive).collect()
    }

    /// Encrypts `plain` so that only this server, and only for `context`, can read it.
    ///
    /// # Errors
    /// When encryption fails.
    pub fn seal(&self, context: &str, plain: &str, clock: &Clock) -> anyhow::Result<Vec<u8>> {
        let key = self.derive("seal").into_iter().next().context("no secret")?;
        let random = hash(&clock.secret());
        let nonce = random.get(..12).context("nonce")?;
        let payload = Payload { msg: plain.as_bytes(), aad: context.as_bytes() };
        let sealed = ChaCha20Poly1305::new(&key.into())
            .encrypt(&Nonce::try_from(nonce)?, payload)
            .map_err(|_| anyhow::anyhow!("cannot encrypt"))?;
        Ok([nonce, &sealed].concat())
    }

    /// Decrypts what [`Secrets::seal`] made.
    ///
    /// # Errors
    /// When it was sealed with a secret that is no longer in the file, for another context, or was changed.
    pub fn open(&self, context: &str, sealed: &[u8]) -> anyhow::Result<SecretString> {
        let (nonce, body) = sealed.split_at_checked(12).context("it is too short")?;
        for key in self.derive("seal") {
            let payload = Payload { msg: body, aad: context.as_bytes() };
            if let Ok(plain) =
                ChaCha20Poly1305::new(&key.into()).decrypt(&Nonce::try_from(nonce)?, payload)
            {
                return Ok(SecretString::from(String::from_utf8(plain)?));
            }
        }
        bail!("no secret in the secret file opens it; apply the configuration again")
    }

    /// A short name for a key, which tells keys apart and tells nothing about them.
    #[must_use]
    pub fn key_id(key: &[u8; 32]) -> String {
        let digest = Sha256::digest(key);
        URL_SAFE_NO_PAD.encode(digest.get(..6).unwrap_or_default())
    }
}

/// Makes the file, readable by its owner only.
fn create(path: &Path, secret: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options
        .open(path)
        .with_context(|| format!("cannot make the secret file {}", path.display()))?;
    writeln!(file, "{secret}")
        .with_context(|| format!("cannot write the secret file {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "an old secret of enough characters, really";
    const NEW: &str = "a new secret that has enough characters too";

    #[test]
    fn what_was_sealed_before_a_rotation_opens_after_it() {
        let sealed =
            Secrets::parse(OLD).unwrap().seal("bot_1", "sk-test", &Clock::system()).unwrap();
        let rotated = Secrets::parse(&format!("{NEW}\n{OLD}\n")).unwrap();
        assert_eq!(rotated.open("bot_1", &sealed).unwrap().expose_secret(), "sk-test");
        assert!(rotated.open("bot_2", &sealed).is_err(), "another context");
        assert!(
            Secrets::parse(NEW).unwrap().open("bot_1", &sealed).is_err(),
            "the old secret is gone"
        );
    }

    #[test]
    fn keys_differ_by_purpose() {
        let secrets = Secrets::parse(OLD).unwrap();
        assert_ne!(secrets.derive("one"), secrets.derive("other"));
    }

    #[test]
    fn a_short_or_absent_secret_is_refused() {
        assert!(Secrets::parse("\n \n").is_err());
        assert!(Secrets::parse("short").is_err());
    }

    #[test]
    fn a_missing_file_is_made_once_and_readable_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/secret");
        let first = Secrets::load(&path, &Clock::system()).unwrap();
        let second = Secrets::load(&path, &Clock::system()).unwrap();
        assert_eq!(first.derive("x"), second.derive("x"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
