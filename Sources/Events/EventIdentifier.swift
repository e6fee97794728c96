/// The 128-bit hash of an event's id: what joins a prediction with its outcome, and what chooses samples.
///
/// MurmurHash3 x64 128 with seed 0 (A. Appleby, public domain), the same on every machine and in every release: it is
/// stored in checkpoints. Among 10⁹ ids the chance of any collision is about 10⁻²¹. It is no defence against someone
/// who constructs ids to collide.
@frozen public struct EventIdentifier: Hashable, Sendable, Comparable {
    /// The first 64 bits of the hash.
    public let high: UInt64
    /// The last 64 bits of the hash.
    public let low: UInt64

    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Hashes the bytes of an id.
    public init(hashing bytes: UnsafeRawBufferPointer) {
        (high, low) = MurmurHash3.hash(bytes)
    }

    /// Hashes the UTF-8 bytes of an id.
    public init(hashing text: String) {
        var text = text
        self = text.withUTF8 { EventIdentifier(hashing: UnsafeRawBufferPointer($0)) }
    }

    @inlinable
    public static func < (left: EventIdentifier, right: EventIdentifier) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    /// The hash is uniform already: one half of it is enough for a dictionary.
    @inlinable
    public func hash(into hasher: inout Hasher) {
        hasher.combine(low)
    }
}
