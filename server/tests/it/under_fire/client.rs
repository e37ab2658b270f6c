//! A visitor without JavaScript over a real connection, who tries again where nobody answers.

use std::{net::SocketAddr, time::Duration};

use demo::PERSONAS;
use domain::values::ids::SubmissionId;
use gate::{Submission, seen, to_type};
use reqwest::{Method, RequestBuilder, Response, StatusCode, header, redirect::Policy};
use testkit::{MAIL_DOMAIN, PASSWORD};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// How long anything may take before the test fails: machines may be slow, and processes may be down for a while.
const PATIENCE: Duration = Duration::from_secs(150);

/// Somebody who is signed in.
pub struct Client {
    http: reqwest::Client,
    site: String,
    cookie: String,
}

impl Client {
    /// Signs a persona in by the form.
    pub async fn sign_in(address: SocketAddr, first: &str) -> Self {
        let persona = PERSONAS
            .iter()
            .find(|persona| persona.first == first)
            .expect("a persona");
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .build()
            .expect("a client");
        let mut client = Self {
            http,
            site: format!("http://{address}"),
            cookie: String::new(),
        };
        let form = format!("address={}&password={PASSWORD}", persona.address(MAIL_DOMAIN));
        let answer = client.post("/sign-in", FORM, form).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("a cookie");
        client.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        client
    }

    /// The same person at another process.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self {
            http: self.http.clone(),
            site: format!("http://{address}"),
            cookie: self.cookie.clone(),
        }
    }

    /// The submission that an uploaded file has become; none where nobody answered, or nobody could keep it.
    pub async fn upload(&self, text: &str) -> Option<SubmissionId> {
        let body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"staff.csv\"\r\n\r\n{text}\r\n--edge--\r\n"
        );
        let answer = self
            .post("/uploads/new", "multipart/form-data; boundary=edge", body)
            .await?;
        submission(&answer)
    }

    /// Uploads a file that is never whole in the test's memory: one row again and again. The answer, as it came.
    pub async fn upload_rows(&self, address: SocketAddr, headings: &str, row: &str, times: usize) -> String {
        let start = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"staff.csv\"\r\n\r\n{headings}\n"
        );
        let end = "\r\n--edge--\r\n";
        let length = start.len() + row.len() * times + end.len();
        let head = format!(
            "POST /uploads/new HTTP/1.1\r\nhost: {address}\r\nsec-fetch-site: same-origin\r\naccept: text/html\r\n\
             cookie: {}\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=edge\r\n\
             content-length: {length}\r\n\r\n{start}",
            self.cookie
        );
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(head.as_bytes()).await.expect("the server reads");
        // Written by the MiB: many small writes would measure the test.
        let at_once = (1024 * 1024 / row.len()).clamp(1, times);
        let many = row.repeat(at_once);
        for begun in (0..times).step_by(at_once) {
            let rows = at_once.min(times - begun);
            // It may answer before it has read everything.
            if stream.write_all(&many.as_bytes()[..rows * row.len()]).await.is_err() {
                break;
            }
        }
        let _ = stream.write_all(end.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Posts a form that asks for something, and gives the submission that it has become.
    pub async fn ask(&self, path: &str, form: String) -> Option<SubmissionId> {
        submission(&self.post(path, FORM, form).await?)
    }

    /// Confirms what is shown; none where nobody answered. What has gone on by then was confirmed.
    pub async fn confirm(&self, shown: &Submission) -> Option<()> {
        let number = to_type(shown).map(|number| number.to_string()).unwrap_or_default();
        let form = format!("seen={}&look_alikes=create&number={number}", seen(shown));
        let path = format!("/submissions/{}/confirmation", shown.id);
        let answer = self.post(&path, FORM, form).await?;
        let done = [StatusCode::SEE_OTHER, StatusCode::OK, StatusCode::CONFLICT].contains(&answer.status());
        done.then_some(())
    }

    /// Throws a plan away; none where nobody answered.
    pub async fn decline(&self, id: &SubmissionId) -> Option<()> {
        let answer = self
            .post(&format!("/submissions/{id}/refusal"), FORM, String::new())
            .await?;
        [StatusCode::SEE_OTHER, StatusCode::CONFLICT]
            .contains(&answer.status())
            .then_some(())
    }

    /// The status and the text at a path, as a browser asks for it; none where nobody answers.
    pub async fn look(&self, path: &str) -> Option<(StatusCode, String)> {
        let answer = self.request(Method::GET, path).send().await.ok()?;
        Some((answer.status(), answer.text().await.ok()?))
    }

    /// The text at a path, however long it takes until it is given.
    pub async fn take(&self, path: &str) -> String {
        let mut text = None;
        for _ in 0..PATIENCE.as_secs() {
            text = self.look(path).await;
            if let Some((StatusCode::OK, text)) = text {
                return text;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!("{path}: {text:?}");
    }

    /// Waits until something is so.
    pub async fn until<F: Future<Output = bool>>(&self, is_so: impl Fn() -> F) {
        let waiting = async {
            while !is_so().await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "it has not come to be so");
    }

    async fn post(&self, path: &str, kind: &str, body: String) -> Option<Response> {
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, kind);
        request.body(body).send().await.ok()
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.site));
        request
            .header("sec-fetch-site", "same-origin")
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, &self.cookie)
            .timeout(PATIENCE)
    }
}

/// The submission whose page an answer leads to.
fn submission(answer: &Response) -> Option<SubmissionId> {
    let path = answer.headers().get(header::LOCATION)?.to_str().ok()?;
    SubmissionId::parse(path.strip_prefix("/submissions/")?)
}
