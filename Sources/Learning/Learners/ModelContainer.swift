import Foundation
import Statistics

/// What a serialised model says about itself, before XGBoost's bytes.
struct ModelHeader: Codable, Sendable {
    var schema: FeatureSchema
    var task: ModelTask
    var target: String
    var negativeLabel: String
    var parameters: BoostingParameters
    var rows: Int
    var rowsWithoutTarget: Int
}

/// The bytes of a serialised model of one kind:
///
///     eight letters | format version u32 | header length u32 | payload length u64 | header (JSON) | payload | FNV-1a u64
///
/// all numbers little-endian, the checksum over everything before it. What reads a payload (XGBoost among them) is not
/// safe against damaged input, so that nothing reaches it before the checksum holds.
struct ModelContainer {
    /// Eight ASCII letters that name the kind of model.
    let magic: String
    /// Of the header and the payload; another version is refused.
    let formatVersion: UInt32

    /// The payload is XGBoost's own UBJ.
    static let boostedTrees = ModelContainer(magic: "TIDETREE", formatVersion: 1)
    /// As well.
    static let ranking = ModelContainer(magic: "TIDERANK", formatVersion: 1)

    private static let prefixBytes = 24
    private static let checksumBytes = 8

    func pack(header: some Encodable, payload: [UInt8]) throws(LearningError) -> [UInt8] {
        precondition(magic.utf8.count == 8, "a container is named by eight letters")
        let json = try Self.json(header)
        var bytes = Array(magic.utf8)
        Self.append(formatVersion, to: &bytes)
        Self.append(UInt32(json.count), to: &bytes)
        Self.append(UInt64(payload.count), to: &bytes)
        bytes.append(contentsOf: json)
        bytes.append(contentsOf: payload)
        Self.append(bytes.withUnsafeBytes(ByteHash.fnv1a), to: &bytes)
        return bytes
    }

    func unpack<Header: Decodable>(
        _ bytes: [UInt8], header: Header.Type
    ) throws(LearningError) -> (header: Header, payload: [UInt8]) {
        guard bytes.count >= Self.prefixBytes + Self.checksumBytes, bytes.starts(with: magic.utf8) else {
            throw Self.corrupt("\(bytes.count) bytes that are not a Tidewatch model of the kind \(magic)")
        }
        let version: UInt32 = Self.number(bytes, at: 8)
        let headerBytes = Int(Self.number(bytes, at: 12) as UInt32)
        let payloadBytes: UInt64 = Self.number(bytes, at: 16)
        let body = bytes.count - Self.prefixBytes - Self.checksumBytes
        let (total, overflow) = UInt64(headerBytes).addingReportingOverflow(payloadBytes)
        let checksum: UInt64 = Self.number(bytes, at: bytes.count - Self.checksumBytes)
        let isIntact = bytes.withUnsafeBytes { all in
            ByteHash.fnv1a(UnsafeRawBufferPointer(rebasing: all[..<(all.count - Self.checksumBytes)])) == checksum
        }
        guard isIntact else { throw Self.corrupt("the checksum over \(bytes.count) bytes does not hold") }
        guard version == formatVersion else {
            throw LearningError(
                .unsupportedModel, "the model has format version \(version), this program reads \(formatVersion)",
                advice: "Use the program that wrote it, or train again.")
        }
        guard !overflow, total == UInt64(body) else { throw Self.corrupt("its parts do not add up to its length") }
        let json = bytes[Self.prefixBytes..<(Self.prefixBytes + headerBytes)]
        do {
            let header = try JSONDecoder().decode(Header.self, from: Data(json))
            return (header, Array(bytes[(Self.prefixBytes + headerBytes)..<(Self.prefixBytes + body)]))
        } catch {
            throw Self.corrupt("its description cannot be read: \(error)")
        }
    }

    /// Sorted keys, because equal models must have equal bytes.
    static func json(_ value: some Encodable) throws(LearningError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(value)
        } catch {
            throw LearningError(
                .invalidParameter, "the model's description cannot be written: \(error)",
                advice: "Check the learner's parameters for values that are not numbers.")
        }
    }

    static func corrupt(_ reason: String) -> LearningError {
        LearningError(
            .corruptModel, "the model is damaged: \(reason)",
            advice: "Restore the artifact from a copy, or roll back to another version.")
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func number<Number: FixedWidthInteger>(_ bytes: [UInt8], at offset: Int) -> Number {
        bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self)) }
    }
}
