import Foundation
import Statistics

/// The trees of a booster in arrays of their own, which predict several times as fast as XGBoost (most of all single rows)
/// and from many threads at once: bit for bit the same, because leaves are added in the same order in single precision.
///
/// A step from a node to a child has no branch: children lie side by side, a leaf is its own child, and a categorical
/// split is a set of bits, the category's number and one more being the bit's. So a categorical feature has at most 63
/// categories here; models with more, and DART, whose trees have weights, are left to XGBoost.
struct FlatTrees: Sendable {
    static let maximumCategories = 63

    struct Node {
        /// Categorical: the bits that go right. Numeric: 0.
        var rightSet: UInt64 = 0
        /// Numbers from here on go right; infinity of categorical splits and leaves.
        var threshold = Float.infinity
        var feature: Int32 = 0
        /// The left child; the right one follows it. Of a leaf the leaf itself.
        var left: Int32
        /// 1 where missing cells go right, else 0.
        var missingRight: UInt32 = 0

        /// Where a row with this cell goes on.
        @inline(__always) func child(of cell: Float) -> Int32 {
            let above: UInt32 = cell >= threshold ? 1 : 0
            let missing: UInt32 = cell.isNaN ? missingRight : 0
            let member = UInt32(truncatingIfNeeded: rightSet &>> UInt64(cell.bitPattern & 63)) & 1
            return left &+ Int32(bitPattern: above | missing | member)
        }
    }

    struct Tree {
        let root: Int32
        let depth: Int
        /// The output that its leaves count for.
        let output: Int
    }

    /// What becomes of the sum of the leaves.
    enum Transform { case none, logistic, softmax }

    let nodes: [Node]
    /// Per node, of a leaf its value.
    let values: [Float]
    let trees: [Tree]
    let outputs: Int
    let base: Float
    let transform: Transform
    private let categorical: [Int]
    let width: Int

    /// `nil` for a model that is left to XGBoost.
    /// - Parameter ubj: the booster's bytes, which XGBoost has accepted.
    init?(ubj: [UInt8], schema: FeatureSchema) {
        guard !schema.features.contains(where: { $0.categories.count > Self.maximumCategories }),
            let learner = BinaryJSON.read(ubj)?["learner"], let booster = learner["gradient_booster"],
            booster["name"]?.text == "gbtree", let model = booster["model"],
            case .array(let trees)? = model["trees"], let outputOfTree = model["tree_info"]?.integers,
            outputOfTree.count == trees.count, let parameters = learner["learner_model_param"],
            let base = parameters["base_score"]?.text.flatMap({ Float($0) }),
            let classes = parameters["num_class"]?.text.flatMap({ Int($0) }), (0...65_536).contains(classes)
        else { return nil }
        switch learner["objective"]?["name"]?.text {
        case "binary:logistic": (transform, self.base) = (.logistic, -logf(1 / base - 1))
        case "multi:softprob": (transform, self.base) = (.softmax, base)
        case "reg:squarederror", "rank:ndcg", "rank:pairwise", "rank:map": (transform, self.base) = (.none, base)
        default: return nil
        }
        width = schema.features.count
        outputs = max(1, classes)
        categorical = schema.features.indices.filter { schema.features[$0].kind == .categorical }
        var builder = FlatTreeBuilder(isCategorical: schema.features.map { $0.kind == .categorical })
        for (tree, output) in zip(trees, outputOfTree) {
            guard (0..<outputs).contains(output), builder.add(tree, output: output) else { return nil }
        }
        (nodes, values, self.trees) = (builder.nodes, builder.values, builder.trees)
    }

    /// What `Booster.predict` says of the same rows.
    /// - Parameter cells: row by row, NaN for missing.
    func predict(_ cells: [Float], rows: Int) -> [Float] {
        var cells = cells
        for feature in categorical {
            for place in stride(from: feature, to: cells.count, by: width) where !cells[place].isNaN {
                cells[place] = Float(bitPattern: UInt32(cells[place]) + 1)
            }
        }
        var sums = [Float](repeating: base, count: rows * outputs)
        let blockRows = 64
        sums.withUnsafeMutableBufferPointer { sums in
            cells.withUnsafeBufferPointer { cells in
                for start in stride(from: 0, to: rows, by: blockRows) {
                    let count = min(blockRows, rows - start)
                    add(
                        UnsafeBufferPointer(rebasing: cells[(start * width)...]),
                        to: UnsafeMutableBufferPointer(rebasing: sums[(start * outputs)...]), rows: count)
                }
            }
        }
        transformAll(&sums)
        return sums
    }

    /// All trees over one block of rows, level by level: the steps of different rows do not wait for each other.
    private func add(_ cells: UnsafeBufferPointer<Float>, to sums: UnsafeMutableBufferPointer<Float>, rows: Int) {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: rows) { places in
            nodes.withUnsafeBufferPointer { nodes in
                values.withUnsafeBufferPointer { values in
                    for tree in trees {
                        for row in 0..<rows { places[row] = tree.root }
                        for level in 0..<tree.depth {
                            var moved: Int32 = 0
                            for row in 0..<rows {
                                let node = nodes[Int(places[row])]
                                let next = node.child(of: cells[row &* width &+ Int(node.feature)])
                                moved |= next ^ places[row]
                                places[row] = next
                            }
                            // Deep trees have few deep leaves.
                            if level >= 8, moved == 0 { break }
                        }
                        for row in 0..<rows { sums[row &* outputs &+ tree.output] += values[Int(places[row])] }
                    }
                }
            }
        }
    }

    /// XGBoost's own formulas, in single precision.
    private func transformAll(_ sums: inout [Float]) {
        switch transform {
        case .none: break
        case .logistic: for place in sums.indices { sums[place] = 1 / (expf(min(-sums[place], 88.7)) + 1 + 1e-16) }
        case .softmax:
            for start in stride(from: 0, to: sums.count, by: outputs) {
                let range = start..<(start + outputs)
                let most = sums[range].reduce(-Float.infinity, max)
                var total = 0.0
                for place in range {
                    sums[place] = expf(sums[place] - most)
                    total += Double(sums[place])
                }
                for place in range { sums[place] /= Float(total) }
            }
        }
    }
}
