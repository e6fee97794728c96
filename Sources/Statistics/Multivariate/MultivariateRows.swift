/// Rows of mixed columns, for statistics that look at whole rows.
public struct MultivariateRows: Sendable, Equatable {
    /// The cells of one column, one per row.
    public enum Cells: Sendable, Equatable {
        /// NaN is missing; ±∞ counts as missing too.
        case numeric([Double])
        /// Indices into the names, −1 missing. A boolean column has the names `false` and `true`.
        case categories(codes: [Int32], names: [String])

        public var count: Int {
            switch self {
            case .numeric(let values): values.count
            case .categories(let codes, _): codes.count
            }
        }
    }

    public struct Column: Sendable, Equatable {
        public let name: String
        public let cells: Cells

        public init(name: String, cells: Cells) {
            self.name = name
            self.cells = cells
        }
    }

    public let columns: [Column]
    /// Rows.
    public let count: Int

    /// - Precondition: the columns have one length, and every code a name.
    public init(_ columns: [Column]) {
        count = columns.first?.cells.count ?? 0
        for column in columns {
            precondition(column.cells.count == count, "every column has one cell per row")
            if case .categories(let codes, let names) = column.cells {
                precondition(codes.allSatisfy { $0 >= -1 && $0 < names.count }, "every code has a name")
            }
        }
        self.columns = columns
    }

    /// Numeric columns `x0`, `x1`, …
    public init(numbers: [[Double]]) {
        self.init(numbers.enumerated().map { Column(name: "x\($0.offset)", cells: .numeric($0.element)) })
    }

    /// The rows at the given indices, in the given order.
    public func rows(_ indices: [Int]) -> MultivariateRows {
        MultivariateRows(
            columns.map { column in
                switch column.cells {
                case .numeric(let values):
                    Column(name: column.name, cells: .numeric(indices.map { values[$0] }))
                case .categories(let codes, let names):
                    Column(name: column.name, cells: .categories(codes: indices.map { codes[$0] }, names: names))
                }
            })
    }

    /// At most `limit` of the rows, in their order: those whose index has the smallest seeded hash, so that a pattern
    /// in the order of the rows (every tenth, say) is not a pattern of the sample.
    public func sampled(limit: Int, seed: UInt64) -> MultivariateRows {
        guard count > limit else { return self }
        guard limit > 0 else { return rows([]) }
        // The hash is one-to-one: no two rows share one.
        let order = (0..<count).map { SplitMix.mixed(seed &+ UInt64($0)) }
        let bound = order.sorted()[limit - 1]
        return rows((0..<count).filter { order[$0] <= bound })
    }
}
