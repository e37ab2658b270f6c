//! A mail server for one test, on this machine: its protocol is `mailin`'s, its moods are the test's.

use std::{
    collections::VecDeque,
    io::{self, BufRead, BufReader, Write},
    net::{IpAddr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use mailin::{Action, Handler, Response, SessionBuilder, response};

/// How the server treats a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// 451 for its recipient: not now.
    Busy,
    /// 550 for its recipient: never.
    Strict,
    /// Takes it, and hangs up before saying so.
    Abrupt,
}

/// A letter that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Where it goes back to if it cannot be delivered, as the envelope says.
    pub from: String,
    /// The mailboxes that it was for, as the envelope says.
    pub to: Vec<String>,
    /// The mail as it came.
    pub message: Vec<u8>,
}

#[derive(Default)]
struct Desk {
    taken: Vec<Taken>,
    moods: VecDeque<Mood>,
    asked: usize,
    takes_no_files: bool,
}

/// The server. It lives as long as the test's process.
pub struct MailServer {
    address: SocketAddr,
    desk: Arc<Mutex<Desk>>,
}

impl MailServer {
    /// Starts a server that takes everything but for the moods of its first letters.
    pub fn start(moods: &[Mood]) -> Self {
        Self::open(Desk {
            moods: moods.iter().copied().collect(),
            ..Desk::default()
        })
    }

    /// Starts a server to which every letter with a file is too large: 552, once it has seen it.
    pub fn start_without_files() -> Self {
        Self::open(Desk {
            takes_no_files: true,
            ..Desk::default()
        })
    }

    fn open(desk: Desk) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let desk = Arc::new(Mutex::new(desk));
        let behind = desk.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let desk = behind.clone();
                // A line that breaks is the client's affair.
                thread::spawn(move || converse(stream, desk));
            }
        });
        Self { address, desk }
    }

    /// What `PORTAL_SMTP_URL` is set to.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// What was taken so far.
    pub fn taken(&self) -> Vec<Taken> {
        look_at(&self.desk).taken.clone()
    }

    /// How many letters were offered so far, taken or not.
    pub fn asked(&self) -> usize {
        look_at(&self.desk).asked
    }
}

fn look_at(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().expect("no thread panics with it")
}

fn converse(stream: TcpStream, desk: Arc<Mutex<Desk>>) -> io::Result<()> {
    let gone = Arc::new(AtomicBool::new(false));
    let clerk = Clerk {
        desk,
        gone: gone.clone(),
        mood: None,
        from: String::new(),
        to: vec![],
        message: vec![],
    };
    let mut session = SessionBuilder::new("mail.example").build(stream.peer_addr()?.ip(), clerk);
    let mut answers = stream.try_clone()?;
    let mut lines = BufReader::new(stream);
    session.greeting().write_to(&mut answers)?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let answer = session.process(&line);
        if gone.load(Ordering::SeqCst) {
            return Ok(());
        }
        answer.write_to(&mut answers)?;
        answers.flush()?;
        if answer.action == Action::Close {
            return Ok(());
        }
    }
}

/// Whoever answers on one line.
struct Clerk {
    desk: Arc<Mutex<Desk>>,
    gone: Arc<AtomicBool>,
    mood: Option<Mood>,
    from: String,
    to: Vec<String>,
    message: Vec<u8>,
}

impl Handler for Clerk {
    fn mail(&mut self, _ip: IpAddr, _domain: &str, from: &str) -> Response {
        from.clone_into(&mut self.from);
        response::OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        let mut desk = look_at(&self.desk);
        desk.asked += 1;
        self.mood = desk.moods.pop_front();
        match self.mood {
            Some(Mood::Busy) => response::INTERNAL_ERROR,
            Some(Mood::Strict) => response::NO_MAILBOX,
            Some(Mood::Abrupt) | None => {
                self.to = vec![to.to_owned()];
                response::OK
            }
        }
    }

    fn data(&mut self, part: &[u8]) -> io::Result<()> {
        self.message.extend_from_slice(part);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let taken = Taken {
            from: std::mem::take(&mut self.from),
            to: std::mem::take(&mut self.to),
            message: std::mem::take(&mut self.message),
        };
        let file = b"Content-Disposition: attachment";
        let mut desk = look_at(&self.desk);
        if desk.takes_no_files && taken.message.windows(file.len()).any(|part| part == file) {
            return response::NO_STORAGE;
        }
        desk.taken.push(taken);
        drop(desk);
        self.gone.store(self.mood == Some(Mood::Abrupt), Ordering::SeqCst);
        response::OK
    }
}
