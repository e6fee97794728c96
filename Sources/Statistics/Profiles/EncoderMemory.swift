/// Owns the flat memory of one encoder. Filled while the encoder is made, read only afterwards.
final class EncoderMemory {
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// A copy of trivial values, aligned to a cache line.
    func store<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafePointer<Element> {
        let bytes = max(1, values.count) * MemoryLayout<Element>.stride
        let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        blocks.append(block)
        let elements = block.bindMemory(to: Element.self, capacity: max(1, values.count))
        for (index, value) in values.enumerated() { (elements + index).initialize(to: value) }
        return UnsafePointer(elements)
    }

    func tree(_ edges: [Double]) -> EdgeTree { EdgeTree(nodes: store(EdgeTree.layout(edges))) }

    var noCategories: CategoryTable { table([], otherHashes: [], otherCell: 0, unknownCell: 0) }

    /// Of equal names the first one counts.
    func table(
        _ names: [(bytes: [UInt8], cell: Int)], otherHashes: [UInt64], otherCell: Int, unknownCell: Int
    ) -> CategoryTable {
        var length = 2
        while length < names.count * 2 { length *= 2 }
        let free = CategoryTable.Slot(hash: 0, offset: 0, length: 0, cell: -1)
        var slots = Array(repeating: free, count: length)
        var bytes: [UInt8] = []
        for name in names {
            let hash = ByteHash.hash(name.bytes)
            var position = Int(truncatingIfNeeded: hash) & (length - 1)
            while slots[position].cell >= 0 { position = (position + 1) & (length - 1) }
            slots[position] = CategoryTable.Slot(
                hash: hash, offset: UInt32(bytes.count), length: UInt32(name.bytes.count), cell: name.cell)
            bytes += name.bytes
        }
        let others = UnsafeBufferPointer(start: store(otherHashes), count: otherHashes.count)
        return CategoryTable(
            slots: store(slots), mask: length - 1, names: store(bytes), otherHashes: others, otherCell: otherCell,
            unknownCell: unknownCell)
    }
}
