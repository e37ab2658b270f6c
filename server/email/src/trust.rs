//! Whose word counts about who sent a mail.

/// Whose word counts about who sent a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// The names by which the operator's mail servers sign Authentication-Results; nobody is believed without one.
    pub authserv_ids: Vec<String>,
    /// The names of the operator's mail servers in Received fields.
    pub received_by: Vec<String>,
    /// How many Received fields the operator's own servers add. A mail that came by fewer of them could have forged the
    /// rest, so it is the number that every mail comes by.
    pub own_hops: usize,
    /// Whether the operator's mail server writes its results below its own Received field, as Postfix places what rspamd,
    /// OpenDKIM and OpenDMARC add. It must then take away all such fields that a mail brings along.
    pub results_below_received: bool,
    /// The mail domain.
    pub mail_domain: String,
    /// Whether the mail server lets everybody who has signed in send in their own name only, so that DMARC proves the
    /// person and not only the domain.
    pub submission_enforces_sender: bool,
    /// The domains of forwarders whose seals (ARC) are believed.
    pub arc_sealers: Vec<String>,
    /// The portal's own addresses, in small letters: what comes from them is no file.
    pub own_addresses: Vec<String>,
    /// The local part, with its plus sign, that letters' return addresses begin with: `connector.data+bounce-`.
    pub bounce_prefix: String,
}
