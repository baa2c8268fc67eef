//! The server, asked without a browser.

use super::*;

/// A site of two files, served for one test.
fn site(name: &str) -> Server {
    Server::start(folder(name)).expect("a port is free")
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("error99-server-{}-{name}", std::process::id()));
    fs::create_dir_all(folder.join("lab")).expect("the temporary folder can be written");
    fs::write(folder.join("lab/index.html"), "the lab").expect("a page can be written");
    fs::write(folder.join("404.html"), "no such page").expect("a page can be written");
    folder
}

#[test]
fn a_folder_is_its_index_page_behind_a_slash() {
    let site = site("folder");
    let bare = site.get("/lab?x=1&y=/").expect("it answers");
    assert_eq!((bare.status, bare.header("location")), (301, Some("/lab/?x=1&y=/")));
    let page = site.get("/lab/").expect("it answers");
    assert_eq!((page.status, page.body.as_str()), (200, "the lab"));
}

#[test]
fn a_site_can_live_below_a_path() {
    let site = Server::below("/some/where", folder("below")).expect("a port is free");
    let bare = site.get("/some/where/lab").expect("it answers");
    assert_eq!((bare.status, bare.header("location")), (301, Some("/some/where/lab/")));
    assert_eq!(site.get("/some/where").expect("it answers").status, 301);
    assert_eq!(site.get("/some/where/lab/").expect("it answers").body, "the lab");
    let unknown = site.get("/some/where/else").expect("it answers");
    assert_eq!((unknown.status, unknown.body.as_str()), (404, "no such page"));
    assert_eq!(site.get("/lab/").expect("it answers").body, "");
}

#[test]
fn the_page_on_hosting_names_the_policy() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../HOSTING.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let headers = page.matches(&format!("{POLICY}; frame-ancestors 'self'")).count();
    assert_eq!((headers, page.matches(POLICY).count()), (1, 2), "as a header, and for nginx");
}

#[test]
fn a_stopped_server_leaves_its_port_to_the_next() {
    let site = site("stopped");
    let port = site.stop().expect("it stops");
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    let next = Server::start_on(port, folder("stopped")).expect("the port is free again");
    assert_eq!(next.get("/lab/").expect("it answers").body, "the lab");
}

#[test]
fn a_script_can_stand_in_front_of_every_page() {
    let folder = std::env::temp_dir().join(format!("error99-server-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the temporary folder can be written");
    fs::write(folder.join("404.html"), "<head><script>").expect("a page can be written");
    let site = Server::with_script(folder, "note()").expect("a port is free");
    let page = site.get("/").expect("it answers").body;
    assert_eq!(page, format!("<head>{SCRIPT_TAG}<script>"));
    assert!(site.get(SCRIPT_PATH).expect("it answers").body.ends_with("\nnote()"));
}

#[test]
fn only_embeds_may_stand_in_frames_of_others() {
    let site = site("frames");
    let policy = |path: &str| {
        let answer = site.get(path).expect("it answers");
        answer.header("content-security-policy").map(str::to_owned).unwrap_or_default()
    };
    assert!(policy("/lab/").ends_with("frame-ancestors 'self'"));
    assert!(policy("/zh-CN/embed/lab/").ends_with("frame-ancestors *"));
    let foreign = Server::foreign(std::env::temp_dir()).expect("a port is free");
    let answer = foreign.get("/").expect("it answers");
    assert_eq!(answer.header("content-security-policy"), None);
}

#[test]
fn an_unknown_path_is_told_so_by_status_and_page() {
    let site = site("unknown");
    for path in ["/no/such/page", "/../secret", "/lab/../../secret"] {
        let answer = site.get(path).expect("it answers");
        assert_eq!((answer.status, answer.body.as_str()), (404, "no such page"), "{path}");
    }
}

/// What comes back for these bytes, until the server hangs up.
fn answer(site: &Server, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(site.address).expect("somebody listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time can be set");
    // Whoever is refused may be hung up on while still sending.
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server hangs up");
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn no_redirect_leads_to_another_host() {
    let site = site("elsewhere");
    for path in
        ["//lab", "///lab", "/\\lab", "/./lab", "//lab/", "/lab//", "/lab/./", "//", "/%2flab"]
    {
        let answer = site.get(path).expect("it answers");
        assert_eq!((answer.status, answer.header("location")), (404, None), "{path}");
    }
}

#[test]
fn a_body_is_never_the_next_request() {
    let site = site("smuggled");
    for head in ["POST /lab/", "GET /lab/", "PUT /lab"] {
        for body in ["Content-Length: 40", "Transfer-Encoding: chunked"] {
            let request = format!(
                "{head} HTTP/1.1\r\nHost: h\r\n{body}\r\n\r\nGET /404.html HTTP/1.1\r\n\r\n"
            );
            let answer = answer(&site, request.as_bytes());
            assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{head}: {answer}");
            assert!(!answer.contains("no such page") && answer.contains("Connection: close"));
        }
    }
}

#[test]
fn whoever_sends_too_much_is_told_so_and_hung_up_on() {
    let site = site("flood");
    let line = [b"GET /", vec![b'x'; 200 << 20].as_slice()].concat();
    let start = answer(&site, &line);
    assert!(start.is_empty() || start.starts_with("HTTP/1.1 431 "), "{start:.80}");
    let headers = format!("GET / HTTP/1.1\r\n{}\r\n", "x-y: z\r\n".repeat(10_000));
    assert!(answer(&site, headers.as_bytes()).starts_with("HTTP/1.1 431 "));
    assert_eq!(site.get("/lab/").expect("it still answers").body, "the lab");
}

#[test]
fn noise_is_answered_with_a_refusal() {
    let site = site("noise");
    let noise: [(&[u8], &str); 5] = [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "400"),
        (b"GET / HTTP/1.1\r\nX\x00: y\r\n\r\n", "400"),
        (b"GET http://elsewhere.invalid/ HTTP/1.1\r\n\r\n", "400"),
        (b"DELETE /lab/ HTTP/1.1\r\n\r\n", "405"),
        (b"BREW / HTTP/1.1\r\n\r\n", "405"),
    ];
    for (bytes, status) in noise {
        let answer = answer(&site, bytes);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
    assert_eq!(site.get("/lab/\0").expect("it answers").status, 400);
}

#[test]
fn one_connection_brings_many_files() {
    let site = site("many");
    let ask = |path: &str, rest: &str| format!("GET {path} HTTP/1.1\r\nHost: h\r\n{rest}\r\n");
    let two = ask("/lab/", "") + &ask("/nothing", "Connection: close\r\n");
    let answer = answer(&site, two.as_bytes());
    assert!(answer.contains("the lab") && answer.ends_with("no such page"), "{answer}");
}

#[test]
fn a_host_that_shrugs_has_a_page_for_every_path() {
    let folder = folder("shrugs");
    fs::write(folder.join("index.html"), "the first page").expect("a page can be written");
    let site = Site { folder, shrugs: true, ..Site::default() };
    let site = Server::on(0, site).expect("a port is free");
    let answer = site.get("/lab-0123456789abcdef.js").expect("it answers");
    assert_eq!((answer.status, answer.body.as_str()), (200, "the first page"));
}

#[test]
fn every_page_may_read_the_files_and_the_page_on_hosting_says_so() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../HOSTING.md");
    let page = fs::read_to_string(page).expect("the page is there");
    assert!(page.contains(&format!("{SHARED}\n")), "as a header");
    assert!(page.contains("add_header Access-Control-Allow-Origin * always;"), "for nginx");
    let answer = site("shared").get("/lab/").expect("it answers");
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
}
