//! What an operator decides about files by email.

use serde::{Deserialize, Serialize};

/// What an operator decides about files by email.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailRules {
    /// The address that files are sent to.
    pub address: String,
    /// When the daily run begins, in minutes after midnight in the United Kingdom.
    pub run_at: u32,
    /// Replies that one address gets within an hour at most; then one letter says that there are no more.
    pub replies_an_hour: u32,
    /// Whether result files are attached to letters.
    pub attach: Attach,
    /// The most that is attached to one letter, in MB; with more, it says where the files are.
    #[serde(default = "EmailRules::attach_mib")]
    pub attach_mib: u32,
    /// Days for which what is known of a mail that was set aside is kept.
    pub set_aside_days: u32,
}

impl EmailRules {
    /// The part of the address before the @, as shipped (S1).
    pub const LOCAL_PART: &'static str = "connector.data";

    /// The most that is attached to one letter as shipped, in MB.
    pub const ATTACH_MIB: u32 = 10;

    /// As shipped, for a mail domain.
    #[must_use]
    pub fn standard(mail_domain: &str) -> Self {
        Self {
            address: format!("{}@{mail_domain}", Self::LOCAL_PART),
            run_at: 19 * 60,
            replies_an_hour: 20,
            attach: Attach::Internal,
            attach_mib: Self::ATTACH_MIB,
            set_aside_days: 30,
        }
    }

    const fn attach_mib() -> u32 {
        Self::ATTACH_MIB
    }

    /// The address with a tag behind the local part: `connector.data+tag@health.example`.
    #[must_use]
    pub fn tagged(&self, tag: &str) -> String {
        match self.address.split_once('@') {
            Some((local, domain)) => format!("{local}+{tag}@{domain}"),
            None => self.address.clone(),
        }
    }
}

/// To whom files with people's data are attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attach {
    /// To addresses of the mail domain; others get a link.
    Internal,
    /// To everybody.
    Always,
    /// To nobody: everybody gets a link.
    Never,
}
