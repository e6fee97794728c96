/// Lays the trees of a model out as `FlatTrees` wants them.
struct FlatTreeBuilder {
    /// By feature.
    let isCategorical: [Bool]
    private(set) var nodes: [FlatTrees.Node] = []
    private(set) var values: [Float] = []
    private(set) var trees: [FlatTrees.Tree] = []

    init(isCategorical: [Bool]) { self.isCategorical = isCategorical }

    /// - Returns: `false` if the tree is not as XGBoost 1.7 writes it.
    mutating func add(_ tree: BinaryJSON, output: Int) -> Bool {
        guard let source = SourceTree(tree, isCategorical: isCategorical), nodes.count + source.count < Int(Int32.max)
        else {
            return false
        }
        let root = nodes.count
        // Level by level; each entry is where a node of the source goes.
        var level = [(source: 0, place: root)]
        nodes.append(FlatTrees.Node(left: 0))
        values.append(0)
        var depth = 0
        while !level.isEmpty {
            var next: [(source: Int, place: Int)] = []
            for (index, place) in level {
                guard let node = source.node(index) else { return false }
                nodes[place] = node
                values[place] = source.values[index]
                guard source.left[index] >= 0 else {
                    nodes[place].left = Int32(place)
                    continue
                }
                // More nodes than the source has: it is no tree.
                guard nodes.count + 2 - root <= source.count else { return false }
                nodes[place].left = Int32(nodes.count)
                next.append((source: source.left[index], place: nodes.count))
                next.append((source: source.right[index], place: nodes.count + 1))
                nodes += [FlatTrees.Node(left: 0), FlatTrees.Node(left: 0)]
                values += [0, 0]
            }
            level = next
            if !level.isEmpty { depth += 1 }
        }
        trees.append(FlatTrees.Tree(root: Int32(root), depth: depth, output: output))
        return true
    }
}

/// A tree's arrays, one entry per node.
private struct SourceTree {
    let left: [Int]
    let right: [Int]
    /// Thresholds, and values of leaves.
    let values: [Float]
    private let features: [Int]
    private let defaultLeft: [Int]
    private let types: [Int]
    private var rightSets: [Int: UInt64] = [:]
    private let isCategorical: [Bool]

    var count: Int { left.count }

    init?(_ tree: BinaryJSON, isCategorical: [Bool]) {
        guard let left = tree["left_children"]?.integers, let right = tree["right_children"]?.integers,
            let values = tree["split_conditions"]?.floats, let features = tree["split_indices"]?.integers,
            let defaultLeft = tree["default_left"]?.integers, let types = tree["split_type"]?.integers,
            let categories = tree["categories"]?.integers, let owners = tree["categories_nodes"]?.integers,
            let starts = tree["categories_segments"]?.integers, let sizes = tree["categories_sizes"]?.integers,
            !left.isEmpty, owners.count == starts.count, owners.count == sizes.count
        else { return nil }
        let counts = [right.count, values.count, features.count, defaultLeft.count, types.count]
        guard counts.allSatisfy({ $0 == left.count }) else { return nil }
        (self.left, self.right, self.values, self.isCategorical) = (left, right, values, isCategorical)
        (self.features, self.defaultLeft, self.types) = (features, defaultLeft, types)
        for (owner, (start, size)) in zip(owners, zip(starts, sizes)) {
            guard start >= 0, size >= 0, start <= categories.count, size <= categories.count - start else { return nil }
            var set: UInt64 = 0
            for category in categories[start..<(start + size)] {
                guard (0..<FlatTrees.maximumCategories).contains(category) else { return nil }
                set |= 1 << UInt64(category + 1)
            }
            rightSets[owner] = set
        }
    }

    /// The split of a node, still without its children.
    func node(_ index: Int) -> FlatTrees.Node? {
        guard left.indices.contains(index) else { return nil }
        if left[index] < 0 { return FlatTrees.Node(left: 0) }
        guard isCategorical.indices.contains(features[index]), types[index] == (isCategorical[features[index]] ? 1 : 0)
        else { return nil }
        var node = FlatTrees.Node(left: 0)
        node.feature = Int32(features[index])
        node.missingRight = defaultLeft[index] == 0 ? 1 : 0
        if !isCategorical[features[index]] {
            node.threshold = values[index]
        } else {
            guard let set = rightSets[index] else { return nil }
            node.rightSet = set
        }
        return node
    }
}
