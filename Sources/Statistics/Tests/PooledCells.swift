/// The cells of two samples, made fit for a chi-square approximation.
///
/// Cells empty on both sides are left out. Then the two smallest cells are pooled, again and again, until every cell has
/// the expected count asked for on both sides. Which cells are pooled depends on the sum of the two samples only, so that
/// pooling cannot favour one of them.
///
/// Cells cut from one of the samples (`isOrdered`, the deciles of a reference) are pooled with their neighbours instead,
/// from the left. That sample's counts are equal by construction, so an order of size would be the other sample's own, and
/// pooling by it would make differences: 35 % of windows of 30 rows without drift had p below 0.05.
///
/// `rareCells` stand for "anything else": they hold what the reference did not list. Where one is occupied, it and every
/// cell too small for itself go into one pool: categories that one sample alone lists are new to the other by
/// construction, and would else look like drift in any column with many rare categories (identifiers, free text). With
/// nothing left but the pool there is no test: `insufficient`.
struct PooledCells {
    private(set) var first: [Double] = []
    private(set) var second: [Double] = []
    let totals: (Double, Double)
    /// Cells that are not empty, before pooling.
    let occupied: Int

    private struct Cell {
        var first: Double
        var second: Double
        var isRare: Bool
        /// Decides between equal sizes. A scramble of the cell's number: the number itself follows the reference's
        /// frequencies, and would pool like with like.
        var order: UInt64
        var size: Double { first + second }

        mutating func add(_ other: Cell) {
            first += other.first
            second += other.second
        }
    }

    init(_ a: [Int64], _ b: [Int64], minimumExpected: Double, rareCells: Set<Int>, isOrdered: Bool) {
        let cells = a.indices.filter { a[$0] > 0 || b[$0] > 0 }.map {
            Cell(
                first: Double(a[$0]), second: Double(b[$0]), isRare: rareCells.contains($0),
                order: UInt64($0 + 1) &* 0x9E37_79B9_7F4A_7C15)
        }
        occupied = cells.count
        totals = (cells.reduce(0) { $0 + $1.first }, cells.reduce(0) { $0 + $1.second })
        // An expected count is the cell's size times the smaller sample's share of all.
        let share = min(totals.0, totals.1) / (totals.0 + totals.1)
        func isSmall(_ cell: Cell) -> Bool { cell.size * share < minimumExpected }
        if isOrdered {
            set(Self.poolNeighbours(cells, isSmall))
            return
        }
        var ascending = cells.sorted { $0.size == $1.size ? $0.order < $1.order : $0.size < $1.size }
        if ascending.contains(where: \.isRare) {
            let pool = ascending.filter { $0.isRare || isSmall($0) }
            ascending.removeAll { $0.isRare || isSmall($0) }
            var sum = pool.dropFirst().reduce(into: pool[0]) { $0.add($1) }
            while isSmall(sum), !ascending.isEmpty { sum.add(ascending.removeFirst()) }
            ascending.append(sum)
        } else {
            Self.poolPairs(&ascending, isSmall)
        }
        set(ascending)
    }

    private mutating func set(_ cells: [Cell]) {
        first = cells.map(\.first)
        second = cells.map(\.second)
    }

    /// Pools each cell that is too small with the next one, and what is left over with the last.
    private static func poolNeighbours(_ cells: [Cell], _ isSmall: (Cell) -> Bool) -> [Cell] {
        var pooled: [Cell] = []
        for cell in cells {
            if let last = pooled.last, isSmall(last) {
                pooled[pooled.count - 1].add(cell)
            } else {
                pooled.append(cell)
            }
        }
        if pooled.count > 1, let last = pooled.last, isSmall(last) {
            pooled.removeLast()
            pooled[pooled.count - 1].add(last)
        }
        return pooled
    }

    /// Pools the two smallest of ascending cells until none is too small.
    ///
    /// Sums come up in ascending order, so they wait in a queue of their own (van Leeuwen 1976, for Huffman's codes): the
    /// time grows with the number of cells and not with its square, which an identifier with a million values would
    /// turn into hours. Of equal sums the newest comes first, and any sum before a cell of its size.
    private static func poolPairs(_ cells: inout [Cell], _ isSmall: (Cell) -> Bool) {
        var single = 0
        var sums = PooledSums()
        func next() -> Cell? {
            let hasSingle = single < cells.count
            if let size = sums.smallestSize, !hasSingle || size <= cells[single].size { return sums.removeSmallest() }
            guard hasSingle else { return nil }
            single += 1
            return cells[single - 1]
        }
        var result: [Cell] = []
        while let smallest = next() {
            guard isSmall(smallest), let second = next() else {
                result.append(smallest)
                break
            }
            var sum = smallest
            sum.add(second)
            sums.add(sum)
        }
        while let rest = next() { result.append(rest) }
        cells = result
    }

    /// Sums of cells, ascending; equal ones last in, first out.
    private struct PooledSums {
        private var stacks: [[Cell]] = []
        private var first = 0

        var smallestSize: Double? { first < stacks.count ? stacks[first].last?.size : nil }

        /// - Precondition: at least as large as all that were added before.
        mutating func add(_ cell: Cell) {
            if first < stacks.count, stacks[stacks.count - 1].last?.size == cell.size {
                stacks[stacks.count - 1].append(cell)
            } else {
                stacks.append([cell])
            }
        }

        mutating func removeSmallest() -> Cell? {
            guard first < stacks.count else { return nil }
            let cell = stacks[first].popLast()
            if stacks[first].isEmpty { first += 1 }
            return cell
        }
    }
}
