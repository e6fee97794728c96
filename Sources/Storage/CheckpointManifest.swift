/// One named piece of a checkpoint's state.
public struct CheckpointPart: Sendable, Equatable {
    public var bytes: [UInt8]
    /// The segments that belong to it.
    public var segments: [[UInt8]]

    public init(bytes: [UInt8], segments: [[UInt8]] = []) {
        self.bytes = bytes
        self.segments = segments
    }
}

/// All that a generation holds: its parts, and the names of their segments.
///
/// Little-endian: `TIDEMAN1`, number of parts (u32), and for each its name (u32 length, UTF-8), its bytes (u64 length),
/// and its segments (u32 number, 40 bytes each).
enum CheckpointManifest {
    private static let magic = Array("TIDEMAN1".utf8)

    static func encode(_ parts: [String: CheckpointPart]) -> [UInt8] {
        var bytes = magic
        bytes.reserveCapacity(parts.values.reduce(1_024) { $0 + $1.bytes.count + 128 + 40 * $1.segments.count })
        append(UInt32(parts.count), to: &bytes)
        for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
            append(UInt32(name.utf8.count), to: &bytes)
            bytes += name.utf8
            append(UInt64(part.bytes.count), to: &bytes)
            bytes += part.bytes
            append(UInt32(part.segments.count), to: &bytes)
            for segment in part.segments {
                precondition(segment.count == SegmentFiles.nameLength)
                bytes += segment
            }
        }
        return bytes
    }

    /// - Parameter legacyPart: the name of the one part that files from before manifests hold.
    /// - Returns: `nil` where the bytes are no manifest.
    static func decode(_ bytes: [UInt8], legacyPart: String?) -> [String: CheckpointPart]? {
        guard bytes.starts(with: magic) else {
            guard let legacyPart else { return nil }
            return bytes.isEmpty ? [:] : [legacyPart: CheckpointPart(bytes: bytes)]
        }
        var rest = bytes[magic.count...]
        var parts: [String: CheckpointPart] = [:]
        guard let count = number(of: 4, in: &rest) else { return nil }
        for _ in 0..<count {
            guard let nameLength = number(of: 4, in: &rest), let name = take(nameLength, from: &rest),
                let length = number(of: 8, in: &rest), let content = take(length, from: &rest),
                let segmentCount = number(of: 4, in: &rest)
            else { return nil }
            var part = CheckpointPart(bytes: Array(content))
            for _ in 0..<segmentCount {
                guard let segment = take(UInt64(SegmentFiles.nameLength), from: &rest) else { return nil }
                part.segments.append(Array(segment))
            }
            parts[String(decoding: name, as: UTF8.self)] = part
        }
        return parts
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }

    private static func number(of length: UInt64, in rest: inout ArraySlice<UInt8>) -> UInt64? {
        take(length, from: &rest).map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    }

    private static func take(_ length: UInt64, from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard length <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(length)) }
        return rest.prefix(Int(length))
    }
}
