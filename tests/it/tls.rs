//! A provider behind TLS, whose certificate the machine trusts or does not.

use std::path::Path;
use std::sync::Arc;

use natter_mock_provider::MockProvider;
use natter_shared::message::MessageStatus;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::crash::configure;
use crate::harness::{Database, Process, Visitor, on_sqlite};

on_sqlite!(a_provider_is_asked_over_tls_when_its_certificate_is_trusted);

/// Makes an authority, `ca.pem`, and a certificate of it for localhost, `host.pem` with `host.key`.
async fn make_certificates(folder: &Path) {
    let make = async |arguments: &str| {
        let mut command = Command::new("openssl");
        command.current_dir(folder).args(arguments.split(' '));
        let made = command.output().await.expect("these tests need the program openssl");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1";
    make(&format!("req -x509 {key} -keyout ca.key -out ca.pem -subj /CN=authority")).await;
    make(&format!(
        "req -x509 {key} -keyout host.key -out host.pem -subj /CN=localhost -CA ca.pem -CAkey ca.key \
         -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE"
    ))
    .await;
}

/// Passes what comes over TLS on to the provider, and gives the port.
async fn terminate_tls(folder: &Path, provider: &MockProvider, tasks: &mut JoinSet<()>) -> u16 {
    let certificate = CertificateDer::from_pem_file(folder.join("host.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("host.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, provider) = (listener.local_addr().unwrap().port(), provider.address);
    tasks.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            connections.spawn(async move {
                // A client that does not trust us goes away here.
                let Ok(mut outside) = acceptor.accept(socket).await else { return };
                let mut inside = TcpStream::connect(provider).await.unwrap();
                tokio::io::copy_bidirectional(&mut outside, &mut inside).await.ok();
            });
        }
    });
    port
}

async fn a_provider_is_asked_over_tls_when_its_certificate_is_trusted(database: &Database) {
    let mut provider = MockProvider::start().await;
    make_certificates(database.folder()).await;
    let mut tasks = JoinSet::new();
    let port = terminate_tls(database.folder(), &provider, &mut tasks).await;
    provider.base_url = format!("https://localhost:{port}/v1").parse().unwrap();
    configure(database, &provider, &["tokens:50:1"]).await;
    // An authority that the machine does not name is not believed, and what is said to the visitor does not tell why.
    let server = Process::serve(database).await;
    let refused = Visitor::plain(&server.wire, "llm-0").await.question("Hello").send().await;
    refused.refused(503, "answer_unavailable");
    assert_eq!(provider.requests(), 0);
    server.kill().await;
    let trusted = database.folder().join("ca.pem");
    let server = Process::serve_with(database, "SSL_CERT_FILE", &trusted).await;
    let visitor = Visitor::plain(&server.wire, "llm-0").await;
    let answer = visitor.ask("Hello").await;
    assert_eq!(answer.status, MessageStatus::Complete);
    assert!(answer.answer.ends_with("t49 t50"), "{}", answer.answer);
    assert_eq!(provider.requests(), 1);
}
