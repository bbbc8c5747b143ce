//! One HTTP call, into the router itself or over a socket, and its answer.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, header};
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tower::ServiceExt as _;

use super::Stream;

/// How a server is reached.
#[derive(Clone)]
pub(crate) enum Wire {
    Router(Router),
    Socket(SocketAddr),
}

impl Wire {
    /// A call that is yet to be sent.
    pub(crate) fn call(&self, method: Method, path: impl Into<String>) -> Call {
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        Call { wire: self.clone(), method, path: path.into(), headers, body, peer: None }
    }

    pub(crate) fn get(&self, path: impl Into<String>) -> Call {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: impl Into<String>) -> Call {
        self.call(Method::POST, path)
    }
}

/// A call that is yet to be sent.
#[must_use]
#[derive(Clone)]
pub(crate) struct Call {
    wire: Wire,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
    peer: Option<IpAddr>,
}

impl Call {
    /// Adds a header, or another value of one.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    pub(crate) fn origin(self, origin: &str) -> Self {
        self.header("origin", origin)
    }

    pub(crate) fn bearer(self, credential: &str) -> Self {
        self.header("authorization", &format!("Bearer {credential}"))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// Has the call come from this address. Only for the router itself.
    pub(crate) fn peer(mut self, peer: &str) -> Self {
        self.peer = Some(peer.parse().unwrap());
        self
    }

    /// Sends it and gives the answer when its head is there.
    pub(crate) async fn begin(self) -> Response<Body> {
        match self.wire.clone() {
            Wire::Router(router) => {
                let peer = self.peer;
                let mut request = self.request();
                if let Some(peer) = peer {
                    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, 1234))));
                }
                router.oneshot(request).await.unwrap()
            }
            Wire::Socket(_) => self.attempt().await.expect("the server is gone"),
        }
    }

    fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        *request.headers_mut().unwrap() = self.headers;
        request.body(Body::from(self.body)).unwrap()
    }

    /// Sends it over a socket. None when the server ends before the head of an answer is there.
    pub(crate) async fn attempt(self) -> Option<Response<Body>> {
        let Wire::Socket(address) = self.wire else { panic!("the router itself never ends") };
        let mut request = self.request();
        let host = HeaderValue::from_str(&address.to_string()).unwrap();
        request.headers_mut().insert(header::HOST, host);
        let socket = TokioIo::new(TcpStream::connect(address).await.ok()?);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(socket).await.ok()?;
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(connection);
        let response = sender.send_request(request).await.ok()?;
        // The connection ends with the body that reads from it.
        Some(response.map(|body| {
            Body::new(body.map_frame(move |frame| {
                let _connected = &tasks;
                frame
            }))
        }))
    }

    /// Sends it so many times over one socket and waits for the first answer to begin, of which nothing is read.
    pub(crate) async fn stall(self, times: usize) -> TcpStream {
        let Wire::Socket(address) = self.wire else { panic!("the router has no socket") };
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let mut socket = socket.connect(address).await.unwrap();
        let mut head = format!("{} {} HTTP/1.1\r\nhost: {address}\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            write!(head, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
        }
        write!(head, "content-length: {}\r\n\r\n", self.body.len()).unwrap();
        let request = [head.as_bytes(), &self.body].concat();
        socket.write_all(&request.repeat(times)).await.unwrap();
        socket.readable().await.unwrap();
        socket
    }

    /// Sends it and reads the whole answer.
    pub(crate) async fn send(self) -> Answer {
        let (head, body) = self.begin().await.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// Sends it over a socket and reads the answer as events, when it is one; else tells its status. None when the server
    /// ends before that.
    pub(crate) async fn try_open(self) -> Option<Result<Stream, u16>> {
        let response = self.header("accept", "text/event-stream").attempt().await?;
        let status = response.status().as_u16();
        Some(if status == 200 { Ok(Stream::new(response)) } else { Err(status) })
    }

    /// Sends it and reads the answer as events.
    #[track_caller]
    pub(crate) fn open(self) -> impl Future<Output = Stream> {
        let caller = std::panic::Location::caller();
        async move {
            let response = self.header("accept", "text/event-stream").begin().await;
            if response.status() == 200 {
                return Stream::new(response);
            }
            let status = response.status();
            let body = response.into_body().collect().await.unwrap().to_bytes();
            panic!("{caller}: {status}: {}", String::from_utf8_lossy(&body));
        }
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body, when the status is the one that is expected.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        self.typed(status)
    }

    /// The body as one of the wire's types, when the status is the one that is expected.
    #[track_caller]
    pub(crate) fn typed<T: DeserializeOwned>(&self, status: u16) -> T {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The body of a refusal, which must be a whole problem document with this status and code.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("urn:natter:problem:{code}"));
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"));
        for field in ["title", "detail", "request_id"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
        problem
    }

    /// The body of a refusal of Robofy's routes, in their envelope.
    #[track_caller]
    pub(crate) fn refused_as_robofy(&self, status: u16, code: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(body["error"]["code"], code, "{body}");
        assert!(body["message"].as_str().is_some_and(|text| !text.is_empty()), "{body}");
        assert!(body["error"]["detail"].as_str().is_some_and(|text| !text.is_empty()), "{body}");
        assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
        assert_eq!(self.header("content-type"), Some("application/json"));
        body
    }

    /// The origin whose page may read the answer.
    pub(crate) fn readable_by(&self) -> Option<&str> {
        self.header("access-control-allow-origin")
    }
}
