/// Reads what `ByteWriter` wrote. Every read is checked; damage is an error and never a trap.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private let what: String
    /// The format version that the bytes have.
    let version: UInt8

    /// Checks version and checksum.
    init(_ sealed: [UInt8], version: UInt8, what: String) throws(StatisticsError) {
        try self.init(sealed, versions: version...version, what: what)
    }

    /// Checks version and checksum, where earlier versions are read too.
    init(_ sealed: [UInt8], versions: ClosedRange<UInt8>, what: String) throws(StatisticsError) {
        self.what = what
        guard sealed.count >= 9 else {
            throw StatisticsError(.damaged, "a \(what) of \(sealed.count) bytes is cut short; \(Self.advice)")
        }
        guard versions.contains(sealed[0]) else {
            throw StatisticsError(
                .unsupportedVersion,
                "a \(what) has format version \(sealed[0]), this Tidewatch reads \(versions.upperBound); read it with the version "
                    + "that wrote it")
        }
        let body = sealed[..<(sealed.count - 8)]
        version = sealed[0]
        var checksum: UInt64 = 0
        for byte in sealed[(sealed.count - 8)...].reversed() { checksum = checksum << 8 | UInt64(byte) }
        guard checksum == ByteHash.hash(body) else {
            throw StatisticsError(.damaged, "a \(what) of \(sealed.count) bytes has a wrong checksum; \(Self.advice)")
        }
        bytes = body
        position = 1
    }

    private static let advice = "restore it from an older checkpoint or let it be built again"

    var remaining: Int { bytes.endIndex - position }

    func damage(_ reason: String) -> StatisticsError {
        StatisticsError(.damaged, "a \(what) is damaged at byte \(position): \(reason); \(Self.advice)")
    }

    mutating func readByte() throws(StatisticsError) -> UInt8 {
        guard position < bytes.endIndex else { throw damage("it ends too early") }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func readUnsigned() throws(StatisticsError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try readByte()
            guard shift < 63 || byte <= 1 else { throw damage("a number is too long") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            guard shift <= 63 else { throw damage("a number is too long") }
        }
    }

    /// A count between 0 and 2⁴², so that adding up all cells of a summary can't overflow.
    mutating func readCount() throws(StatisticsError) -> Int64 { try readUpTo(1 << 42) }

    /// A sum of terms that are not negative.
    mutating func readSum() throws(StatisticsError) -> Int64 { try readUpTo(1 << 62) }

    private mutating func readUpTo(_ limit: UInt64) throws(StatisticsError) -> Int64 {
        let value = try readUnsigned()
        guard value <= limit else { throw damage("a count of \(value) is impossible") }
        return Int64(value)
    }

    /// The number of elements that follow, each of at least `size` bytes.
    mutating func readLength(of size: Int = 1) throws(StatisticsError) -> Int {
        let value = try readUnsigned()
        guard value <= UInt64(remaining / size) else { throw damage("\(value) elements cannot follow") }
        return Int(value)
    }

    mutating func readSigned() throws(StatisticsError) -> Int64 {
        let value = try readUnsigned()
        return Int64(bitPattern: (value >> 1) ^ (0 &- (value & 1)))
    }

    mutating func readInt128() throws(StatisticsError) -> Int128 {
        let low = try readWord()
        let high = try readWord()
        return Int128(truncatingIfNeeded: UInt128(high) << 64 | UInt128(low))
    }

    private mutating func readWord() throws(StatisticsError) -> UInt64 {
        guard remaining >= 8 else { throw damage("it ends too early") }
        var value: UInt64 = 0
        for offset in (0..<8).reversed() { value = value << 8 | UInt64(bytes[position + offset]) }
        position += 8
        return value
    }

    mutating func readDouble() throws(StatisticsError) -> Double { Double(bitPattern: try readWord()) }

    mutating func readFiniteIfPresent() throws(StatisticsError) -> Double? {
        switch try readByte() {
        case 0: return nil
        case 1:
            let value = try readDouble()
            guard value.isFinite else { throw damage("a bound is not finite") }
            return value
        default: throw damage("a flag is neither 0 nor 1")
        }
    }

    mutating func readString() throws(StatisticsError) -> String {
        let count = try readLength()
        defer { position += count }
        guard let text = String(validating: bytes[position..<(position + count)], as: UTF8.self) else {
            throw damage("a text is not UTF-8")
        }
        return text
    }

    mutating func readCounts() throws(StatisticsError) -> [Int64] {
        let count = try readLength()
        var counts: [Int64] = []
        counts.reserveCapacity(count)
        for _ in 0..<count { counts.append(try readCount()) }
        return counts
    }

    /// Nothing may follow.
    func finish() throws(StatisticsError) {
        guard remaining == 0 else { throw damage("\(remaining) bytes too many") }
    }
}
