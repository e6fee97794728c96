import Foundation
import Statistics

/// The bytes of a model that is made of others:
///
///     magic (8 letters) | format version u32 | header length u32 | body length u64 | header (JSON) | body | FNV-1a u64
///
/// all numbers little-endian, the checksum over everything before it; the body holds the artifacts of the parts, one
/// after the other, and the header says how long each is. Sorted keys: equal models have equal bytes.
struct ArtifactContainer {
    private static let prefixBytes = 24
    private static let checksumBytes = 8

    /// Eight letters.
    let magic: String
    let version: UInt32
    /// What messages call it.
    let name: String

    private struct Envelope<Header: Codable>: Codable {
        var header: Header
        var partBytes: [Int]
    }

    func pack(_ header: some Codable, parts: [[UInt8]]) throws(LearningError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json: Data
        do {
            json = try encoder.encode(Envelope(header: header, partBytes: parts.map(\.count)))
        } catch {
            throw LearningError(
                .invalidParameter, "the \(name)'s description cannot be written: \(error)",
                advice: "Check its parameters for values that are not numbers.")
        }
        var bytes = Array(magic.utf8)
        append(version, to: &bytes)
        append(UInt32(json.count), to: &bytes)
        append(UInt64(parts.reduce(0) { $0 + $1.count }), to: &bytes)
        bytes.append(contentsOf: json)
        for part in parts { bytes.append(contentsOf: part) }
        append(bytes.withUnsafeBytes(ByteHash.fnv1a), to: &bytes)
        return bytes
    }

    /// - Throws: `LearningError`: `.corruptModel` for damage, `.unsupportedModel` for another format version.
    func unpack<Header: Codable>(
        _ bytes: [UInt8], as type: Header.Type
    ) throws(LearningError) -> (header: Header, parts: [[UInt8]]) {
        guard bytes.count >= Self.prefixBytes + Self.checksumBytes, bytes.starts(with: magic.utf8) else {
            throw corrupt("\(bytes.count) bytes that are no \(name)")
        }
        let checksum: UInt64 = number(bytes, at: bytes.count - Self.checksumBytes)
        let isIntact = bytes.withUnsafeBytes { all in
            ByteHash.fnv1a(UnsafeRawBufferPointer(rebasing: all[..<(all.count - Self.checksumBytes)])) == checksum
        }
        guard isIntact else { throw corrupt("the checksum over \(bytes.count) bytes does not hold") }
        let found: UInt32 = number(bytes, at: 8)
        guard found == version else {
            throw LearningError(
                .unsupportedModel, "the \(name) has format version \(found), this program reads \(version)",
                advice: "Use the program that wrote it, or train again.")
        }
        let headerBytes = Int(number(bytes, at: 12) as UInt32)
        let body = bytes.count - Self.prefixBytes - Self.checksumBytes
        let length: UInt64 = number(bytes, at: 16)
        guard headerBytes <= body, length == UInt64(body - headerBytes) else {
            throw corrupt("its parts do not add up to its length")
        }
        let start = Self.prefixBytes + headerBytes
        let envelope: Envelope<Header>
        do {
            envelope = try JSONDecoder().decode(
                Envelope<Header>.self, from: Data(bytes[Self.prefixBytes..<start]))
        } catch {
            throw corrupt("its description cannot be read: \(error)")
        }
        return (envelope.header, try split(bytes[start..<(start + body - headerBytes)], envelope.partBytes))
    }

    private func split(_ body: ArraySlice<UInt8>, _ lengths: [Int]) throws(LearningError) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var rest = body
        for length in lengths {
            guard length >= 0, length <= rest.count else { throw corrupt("a part is longer than the whole") }
            parts.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        guard rest.isEmpty else { throw corrupt("\(rest.count) bytes belong to no part") }
        return parts
    }

    func corrupt(_ reason: String) -> LearningError {
        LearningError(
            .corruptModel, "the \(name) is damaged: \(reason)",
            advice: "Restore the artifact from a copy, or roll back to another version.")
    }

    private func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private func number<Number: FixedWidthInteger>(_ bytes: [UInt8], at offset: Int) -> Number {
        bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self)) }
    }
}
