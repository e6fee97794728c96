/// The cells of one CSV row as bytes, without their quoting. Valid until the reader's next call.
public struct CSVRow: RandomAccessCollection {
    /// A cell in the reader's memory.
    struct Cell {
        var start: UnsafeRawPointer
        var count: Int
        var isQuoted: Bool
    }

    let cells: UnsafeBufferPointer<Cell>

    public var startIndex: Int { 0 }
    public var endIndex: Int { cells.count }

    /// The UTF-8 bytes of a cell; an empty cell has no bytes.
    public subscript(index: Int) -> UnsafeRawBufferPointer {
        let cell = cells[index]
        return UnsafeRawBufferPointer(start: cell.start, count: cell.count)
    }

    /// Whether the cell was written in quotes, which tells `""` from nothing.
    public func isQuoted(_ index: Int) -> Bool { cells[index].isQuoted }

    /// A cell as text.
    public func text(_ index: Int) -> String { String(decoding: self[index], as: UTF8.self) }
}
