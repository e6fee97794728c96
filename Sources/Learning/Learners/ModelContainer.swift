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

/// The bytes of a serialised model:
///
///     "TIDETREE" or "TIDERANK" | format version u32 | header length u32 | booster length u64 | header (JSON) | booster (UBJ) | FNV-1a u64
///
/// all numbers little-endian, the checksum over everything before it. XGBoost is not safe against damaged input, so
/// that nothing reaches it before the checksum holds.
enum ModelContainer {
    static let treeMagic = Array("TIDETREE".utf8)
    static let rankingMagic = Array("TIDERANK".utf8)
    static let formatVersion: UInt32 = 1
    private static let prefixBytes = 24
    private static let checksumBytes = 8

    static func pack(
        header: some Encodable, booster: [UInt8], magic: [UInt8] = treeMagic
    ) throws(LearningError) -> [UInt8] {
        let encoder = JSONEncoder()
        // Sorted keys, because equal models must have equal bytes.
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json: Data
        do {
            json = try encoder.encode(header)
        } catch {
            throw LearningError(
                .invalidParameter, "the model's description cannot be written: \(error)",
                advice: "Check the boosting parameters for values that are not numbers.")
        }
        var bytes = magic
        append(formatVersion, to: &bytes)
        append(UInt32(json.count), to: &bytes)
        append(UInt64(booster.count), to: &bytes)
        bytes.append(contentsOf: json)
        bytes.append(contentsOf: booster)
        append(bytes.withUnsafeBytes(ByteHash.fnv1a), to: &bytes)
        return bytes
    }

    static func unpack<Header: Decodable>(
        _ bytes: [UInt8], magic: [UInt8] = treeMagic
    ) throws(LearningError) -> (header: Header, booster: [UInt8]) {
        guard bytes.count >= prefixBytes + checksumBytes, bytes.starts(with: magic) else {
            throw corrupt("\(bytes.count) bytes that are not a Tidewatch model of this kind")
        }
        let version: UInt32 = number(bytes, at: 8)
        let headerBytes = Int(number(bytes, at: 12) as UInt32)
        let boosterBytes: UInt64 = number(bytes, at: 16)
        let body = bytes.count - prefixBytes - checksumBytes
        let (total, overflow) = UInt64(headerBytes).addingReportingOverflow(boosterBytes)
        let checksum: UInt64 = number(bytes, at: bytes.count - checksumBytes)
        let isIntact = bytes.withUnsafeBytes { all in
            ByteHash.fnv1a(UnsafeRawBufferPointer(rebasing: all[..<(all.count - checksumBytes)])) == checksum
        }
        guard isIntact else { throw corrupt("the checksum over \(bytes.count) bytes does not hold") }
        guard version == formatVersion else {
            throw LearningError(
                .unsupportedModel, "the model has format version \(version), this program reads \(formatVersion)",
                advice: "Use the program that wrote it, or train again.")
        }
        guard !overflow, total == UInt64(body) else { throw corrupt("its parts do not add up to its length") }
        let json = bytes[prefixBytes..<(prefixBytes + headerBytes)]
        do {
            let header = try JSONDecoder().decode(Header.self, from: Data(json))
            return (header, Array(bytes[(prefixBytes + headerBytes)..<(prefixBytes + body)]))
        } catch {
            throw corrupt("its description cannot be read: \(error)")
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
