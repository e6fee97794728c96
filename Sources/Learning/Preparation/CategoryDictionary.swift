/// The categories that a step knows, each with its place; written as a list.
struct CategoryDictionary: Codable, Sendable, Equatable {
    static let missing: Int32 = -1
    static let unseen: Int32 = -2

    let categories: [String]
    private let codeOfCategory: [String: Int32]

    init(_ categories: [String]) {
        self.categories = categories
        codeOfCategory = Dictionary(
            categories.enumerated().map { ($0.element, Int32($0.offset)) }, uniquingKeysWith: { first, _ in first })
    }

    init(from decoder: any Decoder) throws { self.init(try [String](from: decoder)) }

    func encode(to encoder: any Encoder) throws { try categories.encode(to: encoder) }

    /// The categories of the training rows, most frequent first (ties by name), with their counts; at most `maximum`.
    static func mostFrequent(
        codes: [Int32], categories: [String], maximum: Int
    ) -> (kept: [(category: String, count: Int)], total: Int) {
        var counts = [Int](repeating: 0, count: categories.count)
        codes.withUnsafeBufferPointer { codes in
            for code in codes where code >= 0 { counts[Int(code)] &+= 1 }
        }
        let present = counts.indices.filter { counts[$0] > 0 }
        let ordered = present.sorted { (-counts[$0], categories[$0]) < (-counts[$1], categories[$1]) }
        return (ordered.prefix(maximum).map { (categories[$0], counts[$0]) }, present.count)
    }

    /// Per cell the place of its category here, `missing` or `unseen` (which is counted).
    func codes(of cells: [Int32], _ others: [String], counts: inout AlignmentCounts) -> [Int32] {
        var unseen = 0
        defer { counts.unseenCategories += unseen }
        // Each category is looked up once, except in a few rows of a table with many.
        guard cells.count >= others.count else {
            return cells.map { code in
                let known = code < 0 ? Self.missing : codeOfCategory[others[Int(code)]] ?? Self.unseen
                unseen += known == Self.unseen ? 1 : 0
                return known
            }
        }
        // The missing cell's place comes first.
        let known = [Self.missing] + others.map { codeOfCategory[$0] ?? Self.unseen }
        return known.withUnsafeBufferPointer { known in
            cells.map { code in
                let place = known[Int(code) &+ 1]
                unseen &+= place == Self.unseen ? 1 : 0
                return place
            }
        }
    }
}
