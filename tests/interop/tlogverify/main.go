// Command tlogverify verifies an exported journal with golang.org/x/mod/sumdb, by the authors of the formats.
//
// Nothing here knows how the journal was made: signatures are checked by note.Open, hashes and proofs by tlog.
// Only file names are mapped, since that package calls a tile tile/8/<L>/<N> which C2SP calls tile/<L>/<N>.
//
//	tlogverify DIR    reads DIR/checkpoint, DIR/vkey, DIR/tile/...; prints "ok <origin> <size>" or fails
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type directory string

func (d directory) read(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(d), filepath.FromSlash(name)))
}

func (d directory) Height() int { return height }

func (d directory) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		content, err := d.read("tile/" + strings.TrimPrefix(tile.Path(), "tile/8/"))
		if err != nil {
			return nil, err
		}
		data[i] = content
	}
	return data, nil
}

func (d directory) SaveTiles([]tlog.Tile, [][]byte) {}

func (d directory) checkpoint() (string, tlog.Tree, error) {
	var tree tlog.Tree
	vkey, err := d.read("vkey")
	if err != nil {
		return "", tree, err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	if err != nil {
		return "", tree, err
	}
	signed, err := d.read("checkpoint")
	if err != nil {
		return "", tree, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return "", tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return "", tree, fmt.Errorf("checkpoint text %q under key %s", opened.Text, verifier.Name())
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return "", tree, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return "", tree, fmt.Errorf("root %q", lines[2])
	}
	copy(tree.Hash[:], root)
	return lines[0], tree, nil
}

func (d directory) entries(size int64) ([][]byte, error) {
	var entries [][]byte
	for first := int64(0); first < size; first += 1 << height {
		tile := tlog.Tile{H: height, L: 0, N: first >> height, W: 1 << height}
		if size-first < 1<<height {
			tile.W = int(size - first)
		}
		name := "tile/entries/" + strings.TrimPrefix(tile.Path(), "tile/8/0/")
		bundle, err := d.read(name)
		if err != nil {
			return nil, err
		}
		for i := 0; i < tile.W; i++ {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("%s ends too early", name)
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			entries = append(entries, bundle[2:end])
			bundle = bundle[end:]
		}
		if len(bundle) != 0 {
			return nil, fmt.Errorf("%s goes on after its last entry", name)
		}
	}
	return entries, nil
}

// rebuild computes the root from the entries alone, without any tile.
func rebuild(entries [][]byte) (tlog.Hash, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	for i, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(i), entry, reader)
		if err != nil {
			return tlog.Hash{}, err
		}
		stored = append(stored, hashes...)
	}
	return tlog.TreeHash(int64(len(entries)), reader)
}

func verify(d directory) (string, error) {
	origin, tree, err := d.checkpoint()
	if err != nil {
		return "", err
	}
	entries, err := d.entries(tree.N)
	if err != nil {
		return "", err
	}
	root, err := rebuild(entries)
	if err != nil || root != tree.Hash {
		return "", fmt.Errorf("entries give root %v, the checkpoint says %v (%v)", root, tree.Hash, err)
	}

	// Every leaf hash, and with it every tile on its way to the root, is read and authenticated.
	reader := tlog.TileHashReader(tree, d)
	indexes := make([]int64, tree.N)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, int64(i))
	}
	leaves, err := reader.ReadHashes(indexes)
	if err != nil {
		return "", err
	}
	for i, leaf := range leaves {
		if leaf != tlog.RecordHash(entries[i]) {
			return "", fmt.Errorf("entry %d is not the one in its tile", i)
		}
	}

	for _, n := range []int64{0, 1, tree.N / 3, tree.N / 2, tree.N - 2, tree.N - 1} {
		if n < 0 || n >= tree.N {
			continue
		}
		proof, err := tlog.ProveRecord(tree.N, n, reader)
		if err != nil {
			return "", err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaves[n]); err != nil {
			return "", err
		}
	}
	for _, n := range []int64{1, 2, 255, 256, 257, tree.N / 2, tree.N - 1, tree.N} {
		if n < 1 || n > tree.N {
			continue
		}
		older, err := rebuild(entries[:n])
		if err != nil {
			return "", err
		}
		proof, err := tlog.ProveTree(tree.N, n, reader)
		if err != nil {
			return "", err
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, n, older); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("ok %s %d", origin, tree.N), nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: tlogverify DIR")
		os.Exit(2)
	}
	answer, err := verify(directory(os.Args[1]))
	if err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
	fmt.Println(answer)
}
