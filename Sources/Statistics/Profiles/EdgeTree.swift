/// Up to 511 ascending edges, laid out for counting how many are ≤ a value: three levels of eight-way nodes, each a
/// vector compare. Without a branch, and three dependent loads where a binary search has nine. Trivial: it points into
/// memory that the `ReferenceEncoder` owns.
struct EdgeTree {
    static let capacity = 511
    typealias Node = SIMD8<Double>

    /// One node of every 64th edge, eight of every eighth, 64 of all; padded with +∞.
    var nodes: UnsafePointer<Node>

    /// - Precondition: at most 511 ascending finite edges.
    static func layout(_ edges: [Double]) -> [Node] {
        precondition(edges.count <= capacity, "\(edges.count) edges are too many")
        func node(_ start: Int, _ stride: Int) -> Node {
            var node = Node(repeating: .infinity)
            for lane in 0..<8 where start + lane * stride < edges.count { node[lane] = edges[start + lane * stride] }
            return node
        }
        return [node(63, 64)] + (0..<8).map { node($0 * 64 + 7, 8) } + (0..<64).map { node($0 * 8, 1) }
    }

    /// The number of edges ≤ value, for a finite value.
    @inline(__always)
    func count(atOrBelow value: Double) -> Int {
        let wanted = Node(repeating: value)
        let top = Self.count(nodes[0], wanted)
        let middle = top &* 8 &+ Self.count(nodes[1 &+ top], wanted)
        return middle &* 8 &+ Self.count(nodes[9 &+ middle], wanted)
    }

    @inline(__always)
    private static func count(_ node: Node, _ wanted: Node) -> Int {
        let mask = unsafeBitCast(node .<= wanted, to: SIMD8<Int64>.self)
        // By halves: of `wrappedSum` the compiler makes a count of bits, which the baseline of x86-64 has no instruction for.
        let four = mask.lowHalf &+ mask.highHalf
        let two = four.lowHalf &+ four.highHalf
        return 0 &- Int(two[0] &+ two[1])
    }

    /// The edge with this number.
    @inline(__always)
    func edge(_ index: Int) -> Double { nodes[9 &+ index >> 3][index & 7] }
}
