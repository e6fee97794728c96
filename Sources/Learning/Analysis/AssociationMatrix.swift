/// Every pair of a bounded number of columns.
public struct AssociationMatrix: Sendable, Equatable {
    public var columns: [String] = []
    /// The upper triangle, row by row.
    public var pairs: [Association] = []
    /// Rows that the pairs are over.
    public var rows = 0
    /// Informative columns that were left out because there were too many.
    public var leftOut = 0

    public subscript(_ first: Int, _ second: Int) -> Association? {
        let (low, high) = (min(first, second), max(first, second))
        guard low < high, high < columns.count else { return nil }
        // Rows above hold count − 1, count − 2 … pairs.
        return pairs[low * (2 * columns.count - low - 1) / 2 + high - low - 1]
    }

    /// The strongest first.
    public func strongest(_ limit: Int) -> [Association] {
        Array(pairs.filter { $0.strength != nil }.sorted { ($0.strength ?? 0) > ($1.strength ?? 0) }.prefix(limit))
    }
}

/// One column of the sample, ready for its pairs: ranks and codes are made once.
private struct PairColumn {
    enum Cells {
        case numbers(values: [Double], ranks: [Double])
        case codes([Int32], count: Int)
    }

    /// Names beyond these count as one.
    static let maximumCategories = 100

    let cells: Cells

    init(_ view: ColumnView, rows: [Int]) {
        switch view.cells {
        case .numbers(let numbers):
            // Scaled, so that squares of huge numbers are numbers; no measure here depends on the scale.
            let largest = max(view.numeric?.maximum.magnitude ?? 0, view.numeric?.minimum.magnitude ?? 0)
            let scale = largest > 0 ? largest : 1
            let chosen = rows.map { numbers[$0].isFinite ? numbers[$0] / scale : .nan }
            cells = .numbers(values: chosen, ranks: AssociationMeasures.ranks(chosen))
        case .codes(let codes, let names):
            let kept = CategoryProfile.ranked(names, view.counts, limit: Self.maximumCategories)
            var place = [Int32](repeating: Int32(kept.count), count: names.count)
            for (index, code) in kept.enumerated() { place[code] = Int32(index) }
            cells = .codes(rows.map { codes[$0] < 0 ? -1 : place[Int(codes[$0])] }, count: kept.count + 1)
        }
    }

    func measure(_ other: PairColumn) -> (Association.Measures, Int) {
        switch (cells, other.cells) {
        case (.numbers(let x, let xRanks), .numbers(let y, let yRanks)):
            let pearson = AssociationMeasures.pearson(x, y)
            let spearman = AssociationMeasures.pearson(xRanks, yRanks).value
            return (.numbers(pearson: pearson.value, spearman: spearman), pearson.count)
        case (.codes(let x, let rows), .codes(let y, let columns)):
            var counts = [Int32](repeating: 0, count: rows * columns)
            var total = 0
            for (left, right) in zip(x, y) where left >= 0 && right >= 0 {
                counts[Int(left) &* columns &+ Int(right)] &+= 1
                total &+= 1
            }
            return (.categories(cramersV: AssociationMeasures.cramersV(counts, columns: columns)), total)
        case (.numbers(let x, _), .codes(let y, let count)), (.codes(let y, let count), .numbers(let x, _)):
            let ratio = AssociationMeasures.correlationRatio(x, groups: y, count: count)
            return (.mixed(correlationRatio: ratio.value), ratio.count)
        }
    }
}

extension AssociationMatrix {
    /// - Parameters:
    ///   - views: in the order in which they matter: only the first `limit` take part.
    ///   - rows: those looked at.
    init(_ views: [ColumnView], rows: [Int], limit: Int) {
        let chosen = views.prefix(limit)
        columns = chosen.map(\.name)
        self.rows = rows.count
        leftOut = views.count - chosen.count
        let prepared = chosen.map { PairColumn($0, rows: rows) }
        for first in prepared.indices {
            for second in prepared.indices.dropFirst(first + 1) {
                let (measures, count) = prepared[first].measure(prepared[second])
                pairs.append(Association(first: first, second: second, measures: measures, count: count))
            }
        }
    }
}
