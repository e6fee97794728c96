import Events
import Statistics

/// Labelled rows as bytes, for checkpoints.
public enum LabelledRowCodec {
    /// The rows, in their order.
    public static func encode(_ rows: [LabelledRow]) -> [UInt8] {
        var writer = BinaryWriter()
        writer.write(UInt32(rows.count))
        for row in rows {
            writer.write(row.identifier)
            writer.write(row.predictionMicroseconds)
            writer.write(row.joinedMicroseconds)
            writer.write(row.recordMicroseconds)
            writer.write(row.version)
            writer.write(bytes: row.message)
            writer.write(row.label)
            writer.write((row.value ?? .nan).bitPattern)
        }
        return writer.bytes
    }

    /// The rows of ``encode(_:)``; throws on damaged bytes.
    public static func decode(_ bytes: [UInt8]) throws -> [LabelledRow] {
        var reader = BinaryReader(bytes)
        return try reader.readArray { reader in
            let identifier = try reader.readIdentifier()
            let prediction: Int64 = try reader.read()
            let joined: Int64 = try reader.read()
            let record: Int64 = try reader.read()
            let version = try reader.readString()
            let message = try reader.readBytes()
            let label = try reader.readString()
            let value = Double(bitPattern: try reader.read())
            return LabelledRow(
                identifier: identifier, predictionMicroseconds: prediction, joinedMicroseconds: joined,
                recordMicroseconds: record, version: version, message: message, label: label,
                value: value.isNaN ? nil : value)
        }
    }
}
