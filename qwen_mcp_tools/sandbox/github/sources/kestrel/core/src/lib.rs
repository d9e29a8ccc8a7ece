//! The log's format: one record a line, checked by a sum.

/// A record of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub id: u64,
    pub key: String,
    pub payload: Vec<u8>,
}

/// Why a record can't be read.
#[derive(Debug, PartialEq)]
pub enum Damage {
    TooShort,
    WrongSum { found: u32, expected: u32 },
}

/// Returns the sum that a record's line ends with.
pub fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

/// Checks a line and returns its bytes without the sum.
pub fn verify(line: &[u8]) -> Result<&[u8], Damage> {
    if line.len() < 4 {
        return Err(Damage::TooShort);
    }
    let (bytes, sum) = line.split_at(line.len() - 4);
    let found = u32::from_le_bytes([sum[0], sum[1], sum[2], sum[3]]);
    let expected = checksum(bytes);
    if found == expected {
        Ok(bytes)
    } else {
        Err(Damage::WrongSum { found, expected })
    }
}
