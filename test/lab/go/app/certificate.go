package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"flag"
	"math/big"
	"os"
	"time"
)

// writeCertificate makes a certificate that vouches for itself, for a server
// outside the mesh.
func writeCertificate(args []string) error {
	flags := flag.NewFlagSet("certificate", flag.ExitOnError)
	host := flags.String("host", "", "the server's name")
	certificateFile := flags.String("certificate", "", "file to write")
	keyFile := flags.String("key", "", "file to write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *host == "" || *certificateFile == "" || *keyFile == "" {
		return errors.New("say -host, -certificate and -key")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: *host},
		DNSNames:     []string{*host},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(0, 1, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := writePEM(*certificateFile, "CERTIFICATE", der); err != nil {
		return err
	}
	// The lab's programs run as users of their own and must read it.
	return writePEM(*keyFile, "PRIVATE KEY", secret)
}

func writePEM(file, kind string, content []byte) error {
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o644)
}
