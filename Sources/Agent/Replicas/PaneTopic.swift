import Events
import Windowing

/// How pane records lie on the panes topic.
enum PaneTopic {
    /// The partition of the panes topic that a model's panes go to: whoever is given that partition decides about the model.
    static func partition(of model: String, evaluators: Int) -> Int32 {
        Int32(EventIdentifier(hashing: model).low % UInt64(evaluators))
    }

    /// The most bytes of a value: brokers take messages of 1 MB unless told otherwise.
    static let maximumChunk = 900_000
}

extension JSONWriter {
    /// A list of texts, as the keys of records are.
    static func list(_ texts: [String]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for text in texts { writer.string(text) }
        writer.endArray()
        return writer.bytes
    }
}

/// A piece of a pane record, as a message on the panes topic.
struct PaneMessage: Equatable {
    private static let formatVersion: UInt8 = 1

    /// When the source partition was given to the replica that says this, microseconds since 1970 UTC: what an earlier
    /// owner says after a later one is left out.
    var epoch: Int64
    /// The source partition.
    var partition: Int32
    /// This piece and the number of pieces.
    var piece: UInt16
    var pieces: UInt16
    var bytes: [UInt8]

    /// A record in as many messages as it needs.
    static func messages(of record: PaneRecord, epoch: Int64) -> [PaneMessage] {
        let bytes = record.serialized()
        let count = max(1, (bytes.count + PaneTopic.maximumChunk - 1) / PaneTopic.maximumChunk)
        return (0..<count).map { piece in
            let start = piece * PaneTopic.maximumChunk
            return PaneMessage(
                epoch: epoch, partition: record.partition, piece: UInt16(piece), pieces: UInt16(count),
                bytes: Array(bytes[start..<min(bytes.count, start + PaneTopic.maximumChunk)]))
        }
    }

    /// The message's key: a JSON list.
    func key(of record: PaneRecord) -> [UInt8] {
        JSONWriter.list(record.key + (pieces > 1 ? ["\(piece)"] : []))
    }

    func serialized() -> [UInt8] {
        var writer = BinaryWriter()
        writer.write(Self.formatVersion)
        writer.write(epoch)
        writer.write(partition)
        writer.write(piece)
        writer.write(pieces)
        writer.write(bytes: bytes)
        return writer.bytes
    }

    init(epoch: Int64, partition: Int32, piece: UInt16, pieces: UInt16, bytes: [UInt8]) {
        self.epoch = epoch
        self.partition = partition
        self.piece = piece
        self.pieces = pieces
        self.bytes = bytes
    }

    /// - Throws: what is wrong with the bytes.
    init(serialized message: [UInt8]) throws {
        var reader = BinaryReader(message)
        let version: UInt8 = try reader.read()
        guard version == Self.formatVersion else {
            throw BinaryReader.Damage(at: 0, "pane message format \(version)")
        }
        epoch = try reader.read()
        partition = try reader.read()
        piece = try reader.read()
        pieces = try reader.read()
        bytes = try reader.readBytes()
        guard piece < pieces else { throw BinaryReader.Damage(at: 13, "piece \(piece) of \(pieces)") }
    }
}
