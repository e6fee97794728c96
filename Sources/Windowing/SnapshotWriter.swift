/// Writes to segments what of a partition's join tables is in none yet.
///
/// The segments are a log: blocks of slots, and changes of single slots, each in the place of what was written before.
/// What falls out of date is cleared away from the log's old end: for every byte of changes two bytes of the oldest blocks
/// are written anew at its new end, and what then stands before all that counts is dropped. So a checkpoint writes
/// about three times what has changed, never much more, and all segments together hold about one and a half tables.
struct SnapshotWriter {
    /// Segments are closed when they have reached this length.
    static let targetBytes = 4 << 20
    /// Small segments that may be there beside those of full length.
    private static let maximumSmallSegments = 64
    /// The version of a segment's format (docs/checkpoints.md).
    static let formatVersion: UInt8 = 1

    private let models: [String: FrozenModel]
    private let names: [String]
    private let old: [SnapshotLog.Segment]
    private var contents: SnapshotLog.Contents
    private var written: [SnapshotLog.Segment] = []
    private var rewritten: Set<SnapshotLog.Block> = []
    private var open = BinaryWriter()
    private var openBlocks: [SnapshotLog.Block] = []

    /// - Parameters:
    ///   - models: frozen at `moment`, with what has changed in them since `since`.
    ///   - committed: what is stored already.
    init(
        models: [FrozenModel], moment: Int, since: Int, committed: SnapshotLog.Contents?, store: any SnapshotStore
    ) {
        self.models = Dictionary(models.map { ($0.name, $0) }) { first, _ in first }
        names = models.map(\.name)
        if let committed, committed.store === store, committed.moment >= since {
            contents = committed
            contents.moment = moment
        } else {
            contents = SnapshotLog.Contents(store: store, moment: moment)
        }
        old = contents.segments
    }

    /// Returns what the store holds afterwards.
    mutating func write() throws -> SnapshotLog.Contents {
        var holder: [SnapshotLog.Block: Int] = [:]
        for (index, segment) in old.enumerated() { for block in segment.blocks { holder[block] = index } }
        for name in names {
            guard let table = models[name]?.waiting else { continue }
            for number in table.blocks {
                let block = SnapshotLog.Block(model: name, number: number)
                let slots = table.slots(ofBlock: number)
                let changes = table.changed.count(in: slots)
                if holder[block] == nil || changes * 2 >= slots.count {
                    try write(block)
                } else if changes > 0 {
                    let length = try append(name, isBlock: nil) { table.writeChanges(inBlock: number, to: &$0) }
                    contents.debt += 2 * length
                }
            }
        }
        let dropped = try clear(holder)
        try close()
        contents.segments = Array(old.dropFirst(dropped)) + written
        return contents
    }

    /// Writes the oldest blocks anew as far as the debt goes; returns how many segments are needed no more.
    private mutating func clear(_ holder: [SnapshotLog.Block: Int]) throws -> Int {
        let total = old.reduce(0) { $0 + $1.bytes }
        if old.count > Self.maximumSmallSegments + 2 * total / Self.targetBytes {
            contents.debt = max(contents.debt, total / Self.maximumSmallSegments + 1)
        }
        for (index, segment) in old.enumerated() {
            let needed = segment.blocks.filter { block in
                holder[block] == index && !rewritten.contains(block)
                    && models[block.model].map { $0.waiting.blocks.contains(block.number) } ?? false
            }
            guard needed.isEmpty || contents.debt > 0 else { return index }
            for block in needed {
                let length = try write(block)
                contents.debt -= length
            }
        }
        contents.debt = min(contents.debt, 0)
        return old.count
    }

    @discardableResult
    private mutating func write(_ block: SnapshotLog.Block) throws -> Int {
        guard let table = models[block.model]?.waiting, rewritten.insert(block).inserted else { return 0 }
        return try append(block.model, isBlock: block) { table.writeBlock(block.number, to: &$0) }
    }

    /// Adds a piece to the open segment; returns its length.
    private mutating func append(
        _ model: String, isBlock block: SnapshotLog.Block?, _ body: (inout BinaryWriter) -> Void
    ) throws -> Int {
        if open.bytes.isEmpty { open.write(Self.formatVersion) }
        let before = open.bytes.count
        open.write(model)
        open.write(bytesBy: body)
        let length = open.bytes.count - before
        if let block { openBlocks.append(block) }
        if open.bytes.count >= Self.targetBytes { try close() }
        return length
    }

    private mutating func close() throws {
        guard !open.bytes.isEmpty else { return }
        let name = try contents.store.put(open.bytes)
        written.append(SnapshotLog.Segment(name: name, bytes: open.bytes.count, blocks: openBlocks))
        open = BinaryWriter()
        openBlocks = []
    }
}
