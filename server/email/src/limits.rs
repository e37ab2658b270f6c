//! How much of a mail is read.

/// How much of a mail is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest mail, in MiB.
    pub mail_mib: u32,
    /// The largest attached file, in MiB.
    pub file_mib: u32,
    /// The largest size that a ZIP file may unpack to, in MiB.
    pub unpacked_mib: u32,
    /// The most that a ZIP file may unpack to for each of its bytes.
    pub unpacked_ratio: u32,
    /// The most parts of a mail.
    pub parts: usize,
    /// How deep parts may lie within parts.
    pub depth: usize,
    /// The longest headers, in bytes.
    pub header_bytes: usize,
}

impl Limits {
    /// As shipped.
    pub const STANDARD: Self = Self {
        mail_mib: 25,
        file_mib: 10,
        unpacked_mib: 50,
        unpacked_ratio: 100,
        parts: 200,
        depth: 10,
        header_bytes: 256 * 1024,
    };

    /// The size of a mail above which nothing but its header is read, in bytes.
    pub(crate) const fn mail_bytes(&self) -> usize {
        bytes(self.mail_mib)
    }

    /// The largest attached file, in bytes.
    pub(crate) const fn file_bytes(&self) -> usize {
        bytes(self.file_mib)
    }

    /// The most that a ZIP file of a size may unpack to, in bytes. What is small may be packed as tightly as it likes.
    pub(crate) fn unpacked_bytes(&self, packed: usize) -> usize {
        let by_ratio = packed.saturating_mul(self.unpacked_ratio as usize);
        by_ratio.max(bytes(1)).min(bytes(self.unpacked_mib))
    }
}

const fn bytes(mib: u32) -> usize {
    (mib as usize).saturating_mul(1024 * 1024)
}
