//! Server-sent events from bytes, however they were cut on their way. No I/O: whoever has bytes pushes them in.

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SseEvent {
    /// The last `id:` that was seen, in this event or before.
    pub id: Option<String>,
    /// The `data:` lines, joined.
    pub data: String,
}

/// Puts lines together and lines into events.
///
/// Bytes are cut into lines before they are read as UTF-8, so a character that arrives in two pieces is never torn.
#[derive(Debug, Default)]
pub struct SseDecoder {
    line: Vec<u8>,
    data: String,
    has_data: bool,
    id: Option<String>,
    after_cr: bool,
}

impl SseDecoder {
    /// Takes the next bytes and gives the events that they completed.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<SseEvent> {
        let mut events = Vec::new();
        for &byte in bytes {
            let after_cr = core::mem::replace(&mut self.after_cr, byte == b'\r');
            match byte {
                b'\n' if after_cr => {}
                b'\n' | b'\r' => {
                    let line = core::mem::take(&mut self.line);
                    events.extend(self.line(&String::from_utf8(line).unwrap_or_default()));
                }
                _ => self.line.push(byte),
            }
        }
        events
    }

    fn line(&mut self, line: &str) -> Option<SseEvent> {
        if line.is_empty() {
            let data = core::mem::take(&mut self.data);
            return core::mem::take(&mut self.has_data)
                .then(|| SseEvent { id: self.id.clone(), data });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if core::mem::replace(&mut self.has_data, true) {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = ": hello\n\nid: t:1\ndata: {\"a\":\"Grüße 👋\"}\n\ndata: x\r\ndata: y\r\n\r\ndata: [DONE]\n\n";

    fn read(size: usize) -> Vec<SseEvent> {
        let mut decoder = SseDecoder::default();
        STREAM.as_bytes().chunks(size).flat_map(|bytes| decoder.push(bytes)).collect()
    }

    #[test]
    fn events_are_the_same_however_the_bytes_are_cut() {
        let whole = read(STREAM.len());
        assert_eq!(whole.len(), 3);
        assert_eq!(
            whole[0],
            SseEvent { id: Some("t:1".into()), data: "{\"a\":\"Grüße 👋\"}".into() }
        );
        assert_eq!(whole[1].data, "x\ny");
        for size in 1..9 {
            assert_eq!(read(size), whole, "{size} at a time");
        }
    }

    #[test]
    fn a_heartbeat_is_no_event_and_the_id_stays() {
        let mut decoder = SseDecoder::default();
        assert_eq!(decoder.push(b": \n\nid:7\n\n"), []);
        assert_eq!(
            decoder.push(b"data\n\n"),
            [SseEvent { id: Some("7".into()), data: String::new() }]
        );
    }

    #[test]
    fn an_event_without_its_empty_line_waits() {
        assert_eq!(SseDecoder::default().push(b"data: half\n"), []);
    }
}
